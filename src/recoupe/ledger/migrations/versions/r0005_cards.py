"""What entries and reports are found by: a card of each entry, and the words of both. They are no records, and may be
written anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0005"
down_revision = "0004"
schema = 6


def upgrade() -> None:
    """Adds the three tables, empty: the first run that finds them so fills them."""
    op.create_table(
        "cards",
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "status")),
        *(sa.Column(name, sa.Integer) for name in ("first", "last")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("claims", "origins", "conflicts")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("review", "parties")),
    )
    for name in ("card_words", "report_words"):
        if op.get_context().dialect.name == "postgresql":
            _with_vectors(name)
        else:
            # Words are told apart before they come here: all that is no blank is a letter of one.
            op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(words, tokenize = 'ascii')")


def _with_vectors(name: str) -> None:
    op.create_table(
        name,
        sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("found", TSVECTOR, nullable=False),
    )
    op.create_index(f"ix_{name}_found", name, ["found"], postgresql_using="gin")
