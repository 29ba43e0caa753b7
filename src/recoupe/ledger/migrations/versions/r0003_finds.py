"""Notes by which a page's neighbours are found. They are no records, and may be written anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
schema = 4


def upgrade() -> None:
    """Adds the three tables, empty: the first run that finds them so fills them."""
    op.create_table(
        "numbers",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("page", sa.Text, nullable=False, unique=True),
    )
    key = ("space", "key", "first", "page", "item")
    op.create_table(
        "finds", *map(_number, key), _number("last"), sa.PrimaryKeyConstraint(*key), sqlite_with_rowid=False
    )
    op.create_table(
        "roots",
        _number("page"),
        _number("item"),
        sa.Column("root", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("page", "item"),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, autoincrement=False)
