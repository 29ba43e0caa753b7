"""The tables as they were when revisions began: pages, readings, fetches, origins and entries."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

from recoupe.ledger.migrations.guard import only_grows, prepare

revision = "0001"
down_revision = None
schema = 2


def upgrade() -> None:
    """Makes all tables."""
    prepare()
    _table("about", _text("application"), sa.Column("schema", sa.Integer, nullable=False))
    _table("batches", sa.Column("number", sa.Integer, primary_key=True), _text("at"))
    _table("blobs", _key("hash"), _batch(), sa.Column("body", sa.LargeBinary, nullable=False))
    data = _of("data", sa.Text, "blobs.hash")
    _table("pages", _key("hash"), _text("doc", index=True), data, _batch(), _text("body"))
    page = _of("page", sa.Text, "pages.hash", index=True)
    _table("readings", _row(), page, _text("hash"), _batch(), _text("body"))
    status = sa.Column("status", sa.Integer, nullable=False)
    answer = [sa.Column(name, sa.Text) for name in ("etag", "last_modified", "page")]
    _table("fetches", _row(), _text("address", index=True), _text("at"), status, *answer, _batch())
    _table("settled", _row(), _batch())
    for name in ("origins", "entries"):
        _table(name, _row(), _text("hash", index=True), _batch(), _text("body"))
        _table(f"{name}_over", _of("row", sa.Integer, f"{name}.row", primary_key=True), _batch())


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns)
    only_grows(name)


def _row() -> sa.Column[int]:
    return sa.Column("row", sa.Integer, primary_key=True)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _text(name: str, index: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, index=index)


def _of(
    name: str, type_: type[TypeEngine[Any]], column: str, index: bool = False, primary_key: bool = False
) -> sa.Column[Any]:
    return sa.Column(name, type_, sa.ForeignKey(column), nullable=False, index=index, primary_key=primary_key)


def _batch() -> sa.Column[Any]:
    return _of("batch", sa.Integer, "batches.number")
