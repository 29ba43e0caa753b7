"""The tables of a ledger. Bodies are canonical JSON (`codec`), hashes SHA-256 over it, times UTC in ISO 8601.

They are made by `migrations`, which must come to the same tables.
"""

from __future__ import annotations

import sqlalchemy as sa

APPLICATION = "recoupe"
SCHEMA = 6
"""Goes up by one with every change to these tables; a program refuses ledgers of a schema that it does not know."""

metadata = sa.MetaData()

# A row is added when the tables change; the highest schema is the one they have.
about = sa.Table(
    "about",
    metadata,
    sa.Column("application", sa.Text, nullable=False),
    sa.Column("schema", sa.Integer, nullable=False),
)
batches = sa.Table(
    "batches",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
)


def _batch() -> sa.Column[int]:
    return sa.Column("batch", sa.ForeignKey("batches.number"), nullable=False, index=True)


# The bytes of pages, each kept once however many pages have them, compressed with zlib; the hash is over the bytes.
blobs = sa.Table(
    "blobs",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    _batch(),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
pages = sa.Table(
    "pages",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("doc", sa.Text, nullable=False, index=True),
    sa.Column("data", sa.ForeignKey("blobs.hash"), nullable=False),
    _batch(),
    sa.Column("body", sa.Text, nullable=False),
)
# Of a page's readings the last row stands.
readings = sa.Table(
    "readings",
    metadata,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("page", sa.ForeignKey("pages.hash"), nullable=False, index=True),
    sa.Column("hash", sa.Text, nullable=False),
    _batch(),
    sa.Column("body", sa.Text, nullable=False),
)
# What servers answered, so that nothing is fetched again without need; the newest row of an address counts.
fetches = sa.Table(
    "fetches",
    metadata,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("address", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("page", sa.Text),  # the hash of the bytes, whether or not a page of the ledger has them
    _batch(),
)

# What people have said of claims, each review once (`hash`); undoing one is a row of its own.
reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    _batch(),
    sa.Column("body", sa.Text, nullable=False),
)


# The last batch with readings or reviews that were checked against one another; a run that is interrupted
# leaves later ones.
settled = sa.Table(
    "settled",
    metadata,
    sa.Column("row", sa.Integer, primary_key=True),
    _batch(),
)


def _standing(name: str) -> sa.Table:
    """Rows that stand until a row of `<name>_over` says otherwise."""
    sa.Table(
        f"{name}_over",
        metadata,
        sa.Column("row", sa.ForeignKey(f"{name}.row"), primary_key=True),
        _batch(),
    )
    return sa.Table(
        name,
        metadata,
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False, index=True),
        _batch(),
        sa.Column("body", sa.Text, nullable=False),
    )


# What read or checked in a batch: the version of the program, and the codebook by its name and edition.
made = sa.Table(
    "made",
    metadata,
    sa.Column("batch", sa.ForeignKey("batches.number"), primary_key=True),
    sa.Column("program", sa.Text, nullable=False),
    sa.Column("codebook", sa.Text, nullable=False),
    sa.Column("edition", sa.Text, nullable=False),
)
# What a batch added, hashed over the hash of the batch before it (`seals.py`); written last in its transaction.
seals = sa.Table(
    "seals",
    metadata,
    sa.Column("batch", sa.ForeignKey("batches.number"), primary_key=True),
    sa.Column("previous", sa.Text),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

# What follows from all this and is noted so that a page's neighbours are found without looking at every page (`finds`).
# It is no record: it is written anew where what it follows from changes, and belongs to no batch.
derived = sa.MetaData()


def _number(name: str, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=primary_key, nullable=False, autoincrement=False)


# Pages by number, which takes less room than their hash.
numbers = sa.Table(
    "numbers",
    derived,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("page", sa.Text, nullable=False, unique=True),
)
finds = sa.Table(
    "finds",
    derived,
    _number("space", primary_key=True),
    _number("key", primary_key=True),
    _number("first", primary_key=True),
    _number("page", primary_key=True),
    _number("item", primary_key=True),
    _number("last"),
    sqlite_with_rowid=False,
)
# Whose word a page (item 0) or a claim of it (from 1, where it has another one than the page) is.
roots = sa.Table(
    "roots",
    derived,
    _number("page", primary_key=True),
    _number("item", primary_key=True),
    sa.Column("root", sa.Text, nullable=False),
)

# What is asked of entries that stand, of each a row (`cards`). Their words, and those of reports, are in tables of each
# database's own (`words`).
cards = sa.Table(
    "cards",
    derived,
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("first", sa.Integer),
    sa.Column("last", sa.Integer),
    sa.Column("claims", sa.Integer, nullable=False),
    sa.Column("origins", sa.Integer, nullable=False),
    sa.Column("conflicts", sa.Integer, nullable=False),
    sa.Column("review", sa.Text, nullable=False),
    sa.Column("parties", sa.Text, nullable=False),
)

STANDING = {name: _standing(name) for name in ("origins", "entries")}


def over(name: str) -> sa.Table:
    """The table of what supersedes rows of `name`."""
    return metadata.tables[f"{name}_over"]
