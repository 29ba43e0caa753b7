"""Canonical JSON: the one text that a page, a reading, an entry or an origin has, and the hash over it.

Keys are sorted, no spaces, UTF-8 kept as it is. A value of a claim is an object whose key names its type, in the
manual's notation; an actor also carries those that it stands for and an item its path in the tree, so that a ledger is
read without a codebook.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import lru_cache
from hashlib import sha256
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from recoupe.errors import LedgerError, RecoupeError
from recoupe.model import Page
from recoupe.values import Actor, Amount, Count, Item, Value, When, Word

T = TypeVar("T")
Json = Any
"""What `json` reads and writes."""

_PLAIN: dict[type, str] = {Count: "count", Amount: "amount", When: "when", Word: "word"}
_PARSE: dict[str, Callable[[str], Value]] = {
    "count": Count.parse,
    "amount": Amount.parse,
    "when": When.parse,
    "word": Word.parse,
}
_VALUES = (Actor, Item, Count, Amount, When, Word)
_TAGS = frozenset({"actor", "item", *_PARSE})


def dumps(thing: object) -> str:
    """The canonical JSON of a dataclass of the model (or of plain JSON data)."""
    return json.dumps(encode(thing), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of a canonical JSON text, in hex."""
    return sha256(text.encode()).hexdigest()


def page_text(page: Page) -> str:
    """The canonical JSON of a page, with the hash of its bytes for them; the order of its metadata plays no part."""
    about = {"doc": page.doc, "encoding": page.encoding, "form": page.form, "meta": sorted(page.meta)}
    return dumps({**about, "data": page.hash})


def page_from(text: str, data: bytes) -> Page:
    """The page of such a text and its bytes; raises LedgerError where the text is none of a page's."""
    try:
        about = json.loads(text)
        meta = tuple((str(key), str(value)) for key, value in about["meta"])
        return Page(about["doc"], data, about["encoding"], about["form"], meta)
    except (ValueError, LookupError, TypeError) as error:
        raise LedgerError(f"a record of the ledger is damaged: not a page ({error})") from error


def encode(thing: object) -> Json:
    """The JSON data of a thing, without the fields that are as they are by default.

    Raises TypeError for a thing of a type that the model does not use.
    """
    if thing is None or isinstance(thing, str | int | float | bool):
        return thing
    if isinstance(thing, Actor):
        others = sorted(thing.choices - {thing.name})
        return {"actor": str(thing), "of": others} if others else {"actor": str(thing)}
    if isinstance(thing, Item):
        return {"item": list(thing.path)}
    if type(thing) in _PLAIN:
        return {_PLAIN[type(thing)]: str(thing)}
    if is_dataclass(thing):
        values = ((name, getattr(thing, name), default) for name, default in _defaults(cast(Any, type(thing))))
        return {
            name: encode(value)
            for name, value, default in values
            if not (type(value) is type(default) and value == default)
        }
    if isinstance(thing, tuple | list):
        return [encode(member) for member in thing]
    if isinstance(thing, dict):
        return {str(key): encode(value) for key, value in thing.items()}
    raise TypeError(f"no canonical JSON for {type(thing).__name__}")


@lru_cache(maxsize=256)
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:
    """The fields of a dataclass, with what they are by default."""
    return tuple((f.name, f.default) for f in fields(kind))


def loads(kind: type[T], text: str) -> T:
    """The dataclass of the model that a canonical JSON text holds; raises LedgerError where it holds none."""
    try:
        return cast(T, _decoder(cast(Any, kind))(json.loads(text)))
    except (ValueError, LookupError, TypeError, RecoupeError) as error:
        raise LedgerError(f"a record of the ledger is damaged: not a {kind.__name__} ({error})") from error


def _value(data: Json) -> Value:
    if "actor" in data:
        name = data["actor"]
        others = frozenset(data.get("of", ()))
        return Actor(name, others if "|" in name and others else others | {name})
    if "item" in data:
        return Item(tuple(data["item"]))
    ((kind, text),) = data.items()
    return _PARSE[kind](text)


@lru_cache(maxsize=256)
def _decoder(hint: Any) -> Callable[[Json], Any]:
    """What turns JSON data into a thing of the type that a field is declared with."""
    origin, args = get_origin(hint), get_args(hint)
    if hint in _VALUES:
        return _value
    if origin is Literal or hint in (str, int, float, bool):
        return _same
    if origin is tuple and args[-1] is Ellipsis:
        member = _decoder(args[0])
        return lambda data: tuple(member(d) for d in data)
    if origin is tuple:
        members = [_decoder(arg) for arg in args]
        return lambda data: tuple(m(d) for m, d in zip(members, data, strict=True))
    if origin in (Union, UnionType):
        return _union(args)
    return _dataclass(hint)


def _same(data: Json) -> Json:
    return data


def _union(args: tuple[Any, ...]) -> Callable[[Json], Any]:
    """A field that may be empty, plain, a list, a value or a dataclass: the data show which."""
    lists = [_decoder(arg) for arg in args if get_origin(arg) is tuple]
    kinds: list[Any] = [arg for arg in args if is_dataclass(arg) and arg not in _VALUES]
    shapes = [({f.name for f in fields(kind)}, _decoder(kind)) for kind in kinds]

    def decode(data: Json) -> Any:
        if isinstance(data, list):
            return lists[0](data)
        if not isinstance(data, dict):
            return data
        if data.keys() & _TAGS:
            return _value(data)
        fitting = [made for names, made in shapes if data.keys() <= names]
        return fitting[0](data)

    return decode


def _dataclass(hint: Any) -> Callable[[Json], Any]:
    hints = get_type_hints(hint)
    members: dict[str, Callable[[Json], Any]] = {}

    def member(name: str) -> Callable[[Json], Any]:
        if name not in members:
            members[name] = _decoder(hints[name])
        return members[name]

    def decode(data: Json) -> Any:
        return hint(**{name: member(name)(value) for name, value in data.items()})

    return decode
