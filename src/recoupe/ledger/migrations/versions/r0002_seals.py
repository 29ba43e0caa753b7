"""What made each batch, and the seals of batches; a ledger that has batches gets them sealed as they are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from recoupe.ledger.migrations.guard import only_grows
from recoupe.ledger.seals import seal_all

revision = "0002"
down_revision = "0001"
schema = 3

_OF_A_BATCH = (
    "blobs",
    "pages",
    "readings",
    "fetches",
    "settled",
    "origins",
    "origins_over",
    "entries",
    "entries_over",
)


def upgrade() -> None:
    """Adds the two tables and an index of each table's rows by their batch."""
    for table in _OF_A_BATCH:
        op.create_index(f"ix_{table}_batch", table, ["batch"])
    texts = [sa.Column(name, sa.Text, nullable=False) for name in ("program", "codebook", "edition")]
    op.create_table("made", _batch(), *texts)
    hash_and_body = [sa.Column(name, sa.Text, nullable=False) for name in ("hash", "body")]
    op.create_table("seals", _batch(), sa.Column("previous", sa.Text), *hash_and_body)
    seal_all(op.get_bind())
    for table in ("made", "seals"):
        only_grows(table)


def _batch() -> sa.Column[Any]:
    return sa.Column("batch", sa.Integer, sa.ForeignKey("batches.number"), primary_key=True)
