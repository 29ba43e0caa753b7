"""Readings made by hand, for tests of what comes after reading: they do not depend on how well pages are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from recoupe.codebook import Codebook
from recoupe.codebook.chains import load_chains
from recoupe.codebook.credits import load_credits
from recoupe.codebook.files import Files
from recoupe.codebook.kinds import load_kinds
from recoupe.codebook.names import Organisation, Outlet, Term
from recoupe.codebook.times import load_times
from recoupe.codebook.translated import load_translated
from recoupe.model import Block, Cell, Claim, Dating, Dropped, Evidence, Page, Quote, Reading, Report, Span, Status
from recoupe.values import Actor, Amount, Count, Item, Value, When, Word

FOLDER = Path(__file__).parents[1] / "src" / "recoupe" / "codebooks" / "assistance"
MEMBERS: Mapping[str, frozenset[str]] = {
    "group:nato-allies": frozenset({"country:DE", "country:FR", "country:NL", "country:US"}),
    "country:UA": frozenset({"place:kyiv", "place:dnipro"}),
}
COURIER, CALLED = "org:courier", ("The Courier", "Courier")
OUTLETS = (
    Outlet("ap", "Associated Press", "agency", None, "US", ("apnews.com",), ("AP", "Associated Press")),
    Outlet("afp", "Agence France-Presse", "agency", None, "FR", ("afp.com",), ("AFP",)),
    Outlet("reuters", "Reuters", "agency", None, "GB", ("reuters.com",), ("Reuters",)),
    Outlet("rt", "RT", "state-media", None, "RU", ("rt.com",), ("RT", "Russia Today")),
    Outlet("nato", "NATO", "official", None, None, ("nato.int",), ("NATO", "OTAN"), "org:nato"),
    Outlet("gazette", "The Gazette", "newspaper", "Gazette Group", "GB", ("gazette.example",), ("The Gazette",)),
    Outlet("courier", "The Courier", "newspaper", "Gazette Group", "GB", ("courier.example",), CALLED, COURIER),
    Outlet("reader", "Morning Reader", "aggregator", None, "GB", ("reader.example",), ("Morning Reader",)),
    Outlet("east", "The Courier of the East", "newspaper", None, "GB", ("east.example",), ("Courier of the East",)),
)
TERMS = (
    Term("person:volodymyr-zelensky", "country:UA", "head-of-state", date(2019, 5, 20), None),
    Term("person:jens-stoltenberg", "country:NO", "head-of-government", date(2005, 10, 17), date(2013, 10, 16)),
    Term("person:jens-stoltenberg", "org:nato", "secretary-general", date(2014, 10, 1), date(2024, 9, 30)),
)
ORGANISATIONS = {"org:verkhovna-rada": Organisation("org:verkhovna-rada", "parliament", "country:UA", "Verkhovna Rada")}


@dataclass(frozen=True)
class Fact:
    """What a claim is to say: kind, roles in the manual's notation (lists where there are several)."""

    kind: str
    roles: Mapping[str, str | Sequence[str]]
    words: str
    status: Status = "done"
    time: str | None = None
    also: Mapping[str, str] | None = None


@lru_cache(maxsize=1)
def book() -> Codebook:
    """The built-in codebook's kinds, materiel tree and credit words, with few outlets and groups."""
    files = Files(FOLDER)
    kinds = load_kinds(files)
    parents = {row["id"]: row["parent"] for row in files.table("materiel.tsv", "id", "parent", "name")}
    credits, translated = load_credits(files, ["en", "fr"]), load_translated(files, ["en", "fr"])
    chains = load_chains(files, kinds, parents)
    assert not files.mistakes
    return cast(
        Codebook,
        SimpleNamespace(
            name="assistance",
            edition="by hand",
            folder=FOLDER,
            kinds=kinds,
            parents=parents,
            members=MEMBERS,
            outlets={outlet.id: outlet for outlet in OUTLETS},
            credits=credits,
            translated=translated,
            chains=chains,
            opponents={"country:RU": "country:UA", "country:UA": "country:RU"},
            languages={lang: SimpleNamespace(times=load_times(files, lang)) for lang in ("en", "fr")},
            names=SimpleNamespace(
                capitals={}, organisations=ORGANISATIONS, people={}, places={}, terms=TERMS, members=MEMBERS, words={}
            ),
        ),
    )


def value(type_: str, text: str) -> Value:
    """A value of a role's type, from the manual's notation."""
    if type_ in ("actor", "place"):
        return Actor.parse(text, MEMBERS)
    if type_ == "item":
        return Item.parse(text, book().parents)
    if type_ == "count":
        return Count.parse(text)
    return Amount.parse(text) if type_ == "amount" else Word(text)


def claim(text: str, fact: Fact) -> Claim:
    """A claim that rests on `fact.words`, which must stand in the text."""
    start = text.index(fact.words)
    evidence = Evidence.of(text, start, start + len(fact.words))
    roles = book().kinds[fact.kind].roles
    also = {name: (value(roles[name].type, said),) for name, said in (fact.also or {}).items()}
    cells = tuple(
        Cell(name, value(roles[name].type, one), evidence, "by hand", also.get(name, ()))
        for name, said in fact.roles.items()
        for one in ([said] if isinstance(said, str) else said)
    )
    time = None if fact.time is None else When.parse(fact.time)
    return Claim(fact.kind, fact.status, cells, time, None, (), (evidence,), "by hand")


def reading(
    doc: str, paragraphs: Sequence[str], facts: Sequence[Fact] = (), published: str | None = None, **about: object
) -> Reading:
    """A reading of a report of these paragraphs, the first its title; `about` fills the report's other fields."""
    text = "\n".join(paragraphs)
    blocks, at = [], 0
    for number, paragraph in enumerate(paragraphs):
        blocks.append(Block(Span(at, at + len(paragraph)), "body" if number else "title"))
        at += len(paragraph) + 1
    quotes = cast(tuple[Quote, ...], about.pop("quotes", ()))
    fields = {"lang": "en", "pieces": ((0, 0, len(text)),), **about}
    report = Report(doc=doc, text=text, blocks=tuple(blocks), **fields)  # type: ignore[arg-type]
    dating = Dating(None if published is None else When.parse(published))
    return Reading(report, quotes=quotes, dating=dating, claims=tuple(claim(text, fact) for fact in facts))


def page_of(reading: Reading) -> Page:
    """The page that a report made by hand came from: its text alone."""
    return Page.of(reading.report.doc, reading.report.text)


def source_line(text: str) -> Dropped:
    """A line that the cleaner left out because it names the source."""
    return Dropped(0, len(text), text, "source-line")
