"""The actors, people, places, items and currencies of a codebook, and each language's words for them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from recoupe.codebook.files import Files, Row
from recoupe.errors import ValueSyntaxError
from recoupe.values import When

ORG_KINDS = frozenset(
    [
        "alliance",
        "union",
        "un-body",
        "bank",
        "agency",
        "court",
        "forum",
        "company",
        "ngo",
        "party",
        "armed-group",
        "think-tank",
        "media",
        "other",
    ]
)
PLACE_KINDS = frozenset(["city", "town", "village", "region", "site", "sea", "building"])
AGENCY, OFFICIAL, AGGREGATOR = "agency", "official", "aggregator"
OUTLET_KINDS = frozenset(
    [
        AGENCY,
        OFFICIAL,
        AGGREGATOR,
        "state-media",
        "newspaper",
        "broadcaster",
        "magazine",
        "website",
        "think-tank",
        "ngo",
    ]
)
_AT = ("lat", "lon")  # columns that a codebook for which no maps are drawn may do without
LEVELS = frozenset(["leaders", "ministers", "ambassadors", "officials", "military"])


class Sense(NamedTuple):
    """What a name may stand for: the type of mention, the id, and how the words stand for it."""

    type: str
    id: str
    how: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation, its kind, and the actor that it stands for where a role asks for one."""

    id: str
    kind: str
    acts_for: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person; `sex` is m or f."""

    id: str
    sex: str
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A person's time in an office of an actor; an open end is None."""

    person: str
    actor: str
    office: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place with the state it lies in and the region it is part of."""

    id: str
    kind: str
    state: str | None
    part_of: str | None


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes: an agency, a newspaper, an official site ..., and how texts credit it; `actor`: what it is called
    where it acts or speaks itself, an official site whose voice it is.
    """

    id: str
    name: str
    kind: str
    owner: str | None
    country: str | None
    domains: tuple[str, ...]
    credits: tuple[str, ...]
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """All that is named, whatever the language; `words` maps a language to its forms and their senses, `at` places and
    states to where they lie: latitude and longitude in degrees.
    """

    capitals: Mapping[str, str]
    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    terms: tuple[Term, ...]
    offices: Mapping[str, str]
    places: Mapping[str, Place]
    outlets: Mapping[str, Outlet]
    parents: Mapping[str, str]
    items: Mapping[str, str]
    members: Mapping[str, frozenset[str]]
    words: Mapping[str, Mapping[str, tuple[Sense, ...]]] = field(repr=False)
    symbols: Mapping[str, Mapping[str, str]] = field(repr=False)
    accessions: Mapping[str, tuple[date, ...]] = field(repr=False)
    at: Mapping[str, tuple[float, float]] = field(default_factory=dict, repr=False)


def load_names(files: Files, langs: Sequence[str]) -> Names:
    """Reads every table of names; mistakes are noted in `files`."""
    at: dict[str, tuple[float, float]] = {}
    states, capitals, joined = _states(files, at)
    organisations = _organisations(files)
    people = {
        row["id"]: Person(row["id"], row.one_of("sex", {"m", "f"}), row["name"])
        for row in files.table("people.tsv", "id", "sex", "name")
    }
    offices = {row["id"]: row.one_of("role", LEVELS) for row in files.table("office_kinds.tsv", "id", "role")}
    terms = _terms(files, people, offices)
    places = _places(files, at)
    parents, items = _materiel(files)
    members, groups = _members(files, states, joined)
    known = _Known(states, organisations, people, offices, places, parents, groups)
    words = {lang: _words(files, lang, known) for lang in langs}
    return Names(
        capitals=capitals, organisations=organisations, people=people, terms=terms, offices=offices, places=places,
        outlets=_outlets(files, {*states.values(), *organisations}), parents=parents, items=items,
        members=_with_places(members, places), words=words,
        symbols={lang: _symbols(files, lang) for lang in langs},
        accessions={block: tuple(sorted(since.values())) for block, since in joined.items()}, at=at,
    )  # fmt: skip


class _Known(NamedTuple):
    """The ids that a language file may name."""

    states: Iterable[str]
    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    offices: Mapping[str, str]
    places: Mapping[str, Place]
    parents: Mapping[str, str]
    groups: Iterable[str]


def _day(row: Row, column: str) -> date | None:
    """The first day that a date cell allows."""
    if not row[column]:
        return None
    try:
        return When.parse(row[column]).first
    except ValueSyntaxError:
        row.mistake(f"expected a date (YYYY, YYYY-MM or YYYY-MM-DD) in the column {column!r}, found {row[column]!r}")
        return None


def _point(row: Row) -> tuple[float, float] | None:
    """Where a row's columns `lat` and `lon` say that it lies; None where both are empty."""
    if not row["lat"] and not row["lon"]:
        return None
    found = []
    for column, most in (("lat", 90), ("lon", 180)):
        try:
            found.append(float(row[column]))
        except ValueError:
            found.append(float("nan"))
        if not -most <= found[-1] <= most:
            row.mistake(f"expected degrees from -{most} to {most} in the column {column!r}, found {row[column]!r}")
    return found[0], found[1]


def _places(files: Files, at: dict[str, tuple[float, float]]) -> dict[str, Place]:
    """The places by id; where they lie is added to `at`."""
    found: dict[str, Place] = {}
    for row in files.table("places.tsv", "id", "kind", "state", "part_of", maybe=_AT):
        id_ = row["id"]
        found[id_] = Place(id_, row.one_of("kind", PLACE_KINDS), row["state"] or None, row["part_of"] or None)
        if (point := _point(row)) is not None:
            at[id_] = point
    return found


def _states(
    files: Files, at: dict[str, tuple[float, float]]
) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, date]]]:
    """State ids by code, capitals by id, and for each block the accession dates by id; where states lie is added to
    `at`.
    """
    states: dict[str, str] = {}
    capitals: dict[str, str] = {}
    joined: dict[str, dict[str, date]] = {}
    for row in files.table("states.tsv", "id", "capital", "joined", maybe=_AT):
        actor = f"country:{row['id']}"
        if actor in states.values():
            row.mistake(f"the state {row['id']!r} stands here twice")
        states[row["id"]] = actor
        if (point := _point(row)) is not None:
            at[actor] = point
        if row["capital"]:
            capitals[actor] = row["capital"]
        for block, day in _joined(row):
            joined.setdefault(block, {})[actor] = day
    return states, capitals, joined


def _joined(row: Row) -> Iterator[tuple[str, date]]:
    """The blocks that a state belongs to, each with the day of its accession."""
    for part in row.many("joined"):
        block, _, text = part.partition(" ")
        try:
            yield block, date.fromisoformat(text)
        except ValueError:
            row.mistake(f"expected a block and the day of accession (YYYY-MM-DD) in 'joined', found {part!r}")


def _organisations(files: Files) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    for row in files.table("organisations.tsv", "id", "kind", "acts_for", "name"):
        if row["id"] in found:
            row.mistake(f"the organisation {row['id']!r} stands here twice")
        found[row["id"]] = Organisation(row["id"], row.one_of("kind", ORG_KINDS), row["acts_for"] or None, row["name"])
    return found


def _terms(files: Files, people: Mapping[str, Person], offices: Mapping[str, str]) -> tuple[Term, ...]:
    terms: list[Term] = []
    for row in files.table("offices.tsv", "person", "actor", "office", "since", "until"):
        if row["person"] not in people:
            row.mistake(f"unknown person {row['person']!r}")
        if row["office"] not in offices:
            row.mistake(f"unknown office {row['office']!r}")
        since, until = _day(row, "since"), None
        if row["until"]:
            try:
                until = When.parse(row["until"]).last
            except ValueSyntaxError:
                row.mistake(f"expected a date in the column 'until', found {row['until']!r}")
        if since and until and until < since:
            row.mistake("the term ends before it begins")
        terms.append(Term(row["person"], row["actor"], row["office"], since or date.min, until))
    return tuple(terms)


def _materiel(files: Files) -> tuple[dict[str, str], dict[str, str]]:
    """Parents and names of the items, by id."""
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in files.table("materiel.tsv", "id", "parent", "name"):
        if row["parent"] and row["parent"] not in parents:
            row.mistake(f"expected the parent {row['parent']!r} on a line above")
        parents[row["id"]] = row["parent"]
        names[row["id"]] = row["name"]
    return parents, names


def _members(
    files: Files, states: Mapping[str, str], joined: Mapping[str, Mapping[str, date]]
) -> tuple[dict[str, frozenset[str]], list[str]]:
    """The members of each group (states and other ids), and the ids of all groups."""
    members: dict[str, frozenset[str]] = {}
    for row in files.table("groups.tsv", "id", "members"):
        ids: set[str] = set()
        for part in row.many("members"):
            if part in joined:
                ids |= joined[part].keys()
            elif part.startswith("country:") and part not in states.values():
                row.mistake(f"unknown state {part!r}")
            else:
                ids.add(part)
        members[row["id"]] = frozenset(ids)
    return members, list(members)


def _with_places(members: Mapping[str, frozenset[str]], places: Mapping[str, Place]) -> dict[str, frozenset[str]]:
    """A region has its towns for members, so that the values know what lies where."""
    found: dict[str, set[str]] = {k: set(v) for k, v in members.items()}
    for place in places.values():
        above = place.part_of
        while above and above in places:
            found.setdefault(above, set()).add(place.id)
            above = places[above].part_of
    return {k: frozenset(v) for k, v in found.items()}


def _outlets(files: Files, actors: Container[str]) -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for row in files.table("outlets.tsv", "id", "name", "kind", "owner", "country", "domains", "credits", "actor"):
        if row["id"] in found:
            row.mistake(f"the outlet {row['id']!r} stands here twice")
        found[row["id"]] = Outlet(
            row["id"], row.need("name"), row.one_of("kind", OUTLET_KINDS), row["owner"] or None, row["country"] or None,
            row.many("domains"), row.many("credits"), row["actor"] or None,
        )  # fmt: skip
        if row["actor"] and row["actor"] not in actors:
            row.mistake(f"unknown actor {row['actor']!r}")
    return found


def _words(files: Files, lang: str, known: _Known) -> dict[str, tuple[Sense, ...]]:
    """Every form of the language with its senses."""
    found: dict[str, list[Sense]] = {}

    def add(forms: Iterable[str], *told: str) -> None:
        sense = Sense(*told)
        for form in forms:
            senses = found.setdefault(form.replace("’", "'"), [])
            if sense not in senses:
                senses.append(sense)

    def rows(name: str, ids: Iterable[str], *columns: str) -> Iterable[Row]:
        for row in files.table(f"{lang}/{name}.tsv", "id", *columns):
            if row["id"] not in ids:
                row.mistake(f"unknown id {row['id']!r}")
            yield row

    _cldr_territories(files, lang, known.states, add)
    for row in rows("states", set(known.states), "names", "adjectives", "demonyms", "seats", "bodies"):
        for column, how in (
            ("names", "name"),
            ("adjectives", "adjective"),
            ("demonyms", "demonym"),
            ("seats", "seat"),
            ("bodies", "body"),
        ):
            add(row.many(column), "actor", f"country:{row['id']}", how)
    for name, ids in (("organisations", known.organisations), ("groups", set(known.groups))):
        for row in rows(name, ids, "names", "adjectives"):
            add(row.many("names"), "actor", row["id"], "name")
            add(row.many("adjectives"), "actor", row["id"], "adjective")
    for row in rows("people", known.people, "names", "families"):
        add(row.many("names"), "person", row["id"], "name")
        add(row.many("families"), "person", row["id"], "family")
    for row in rows("offices", known.offices, "names"):
        add(row.many("names"), "office", row["id"], "office")
    for row in rows("places", known.places, "names"):
        add(row.many("names"), "place", row["id"], "name")
    for row in rows("materiel", known.parents, "names"):
        add(row.many("names"), "item", row["id"], "name")
    for row in files.table(f"{lang}/currencies.tsv", "id", "names", "symbols"):
        add(row.many("names"), "currency", row["id"], "name")
    for row in files.table(f"{lang}/nothing.tsv", "words"):
        add([row["words"]], "nothing", "", "nothing")
    for row in files.table(f"{lang}/coreference.tsv", "words", "antecedent_kinds"):
        for kind in row.many("antecedent_kinds"):
            add([row["words"]], "coreference", kind, "coreference")
    return {form: tuple(senses) for form, senses in found.items()}


def _cldr_territories(files: Files, lang: str, states: Iterable[str], add: object) -> None:
    try:
        territories = Locale.parse(lang).territories
    except UnknownLocaleError:
        files.mistake(f"{lang}/states.tsv", 1, f"CLDR knows no language {lang!r}")
        return
    assert callable(add)
    for code in states:
        name = territories.get(code)
        if name:
            add([name], "actor", f"country:{code}", "name")


def _symbols(files: Files, lang: str) -> dict[str, str]:
    """Currency symbols of the language; the ISO codes that are no words of it are among them."""
    found: dict[str, str] = {}
    for row in files.table(f"{lang}/currencies.tsv", "id", "names", "symbols"):
        for symbol in row.many("symbols"):
            found[symbol] = row["id"]
    return found
