"""What people have said of claims."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recoupe.ledger.migrations.guard import only_grows

revision = "0004"
down_revision = "0003"
schema = 5


def upgrade() -> None:
    """Adds the table of reviews."""
    op.create_table(
        "reviews",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("batch", sa.Integer, sa.ForeignKey("batches.number"), nullable=False, index=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    only_grows("reviews")
