"""The codebook: a folder of YAML and TSV files that says what the program knows of a field of news, and in which words.

`load_codebook` reads a folder and raises `CodebookError` with every mistake (file, line, what was expected).
The folder's `codebook.yaml` names the codebook and its languages; `docs/codebook.md` describes the files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from recoupe.codebook.calendar import Calendar, load_calendar
from recoupe.codebook.chains import ChainRules, load_chains
from recoupe.codebook.credits import Credits, load_credits
from recoupe.codebook.files import Files, Node
from recoupe.codebook.furniture import Furniture, load_furniture
from recoupe.codebook.kinds import Frame, Kind, load_frames, load_kinds
from recoupe.codebook.labels import Labels, load_labels
from recoupe.codebook.lexicon import Grammar, Lexicon, Numbers, load_grammar, load_lexicon, load_numbers
from recoupe.codebook.measures import Measure, load_measures
from recoupe.codebook.names import Names, Outlet, load_names
from recoupe.codebook.times import TimeWords, load_times
from recoupe.codebook.translated import load_translated
from recoupe.errors import CodebookError


@dataclass(frozen=True)
class Language:
    """What the codebook says of one language."""

    code: str
    grammar: Grammar
    lexicon: Lexicon
    numbers: Numbers
    times: TimeWords
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """A codebook, read and checked. `edition` is a hash over its files: it changes when one of them does."""

    name: str
    folder: Path
    kinds: Mapping[str, Kind]
    frames: Mapping[str, Frame]
    names: Names = field(repr=False)
    languages: Mapping[str, Language] = field(repr=False)
    furniture: Furniture = field(repr=False)
    credits: Credits = field(repr=False)
    calendar: Calendar = field(repr=False)
    opponents: Mapping[str, str] = field(repr=False)
    money: str | None = None
    people_attend: frozenset[str] = frozenset()
    pieces: frozenset[str] = frozenset()
    translated: re.Pattern[str] = re.compile(r"(?!)")
    edition: str = ""
    chains: ChainRules = field(default_factory=ChainRules, repr=False)
    labels: Mapping[str, Labels] = field(default_factory=dict, repr=False)

    @property
    def outlets(self) -> Mapping[str, Outlet]:
        """Who publishes, by id."""
        return self.names.outlets

    @property
    def members(self) -> Mapping[str, frozenset[str]]:
        """The members of each group, by id."""
        return self.names.members

    @property
    def parents(self) -> Mapping[str, str]:
        """The materiel tree: each item's parent, empty at a root."""
        return self.names.parents


_PACKAGED = Path(__file__).parent.parent / "codebooks"
_KEYS = ("name", "languages", "base", "adds", "opponents", "money", "people_attend", "pieces", "measures")


def load_codebook(folder: Path) -> Codebook:
    """Reads the codebook in `folder`, or the one of that name that comes with the program; raises CodebookError with
    all mistakes found.
    """
    folder = _found(folder)
    if not _is_codebook(folder):
        raise CodebookError([f"{folder}: not a codebook: it has no codebook.yaml"])
    files = Files(folder)
    root = files.yaml("codebook.yaml").fields(*_KEYS, need=("name", "languages"))
    files.base, files.added = _base(root["base"], folder), frozenset(root["adds"].texts())
    langs = root["languages"].texts()
    measures = root["measures"].texts()
    kinds = load_kinds(files)
    frames = load_frames(files, kinds, measures)
    names = load_names(files, langs)
    opponents: dict[str, str] = {}
    for pair in root["opponents"].list():
        sides = pair.texts()
        if len(sides) != 2:
            pair.mistake("expected a list of two actors")
            continue
        opponents.update({sides[0]: sides[1], sides[1]: sides[0]})
    if root["money"].text() and root["money"].text() not in names.parents:
        root["money"].mistake(f"unknown item {root['money'].text()!r}")
    for item in root["pieces"].list():
        if item.text() not in names.parents:
            item.mistake(f"unknown item {item.text()!r}")
    for kind in root["people_attend"].list():
        if kind.text() not in kinds:
            kind.mistake(f"unknown kind {kind.text()!r}")
    languages = {
        lang: Language(
            lang,
            load_grammar(files, lang),
            load_lexicon(files, lang, frames),
            load_numbers(files, lang),
            load_times(files, lang),
            load_measures(files, lang, measures),
        )
        for lang in langs
    }
    chains = load_chains(files, kinds, names.parents)
    book = Codebook(
        root["name"].text(), folder, kinds, frames, names, languages, load_furniture(files, langs),
        load_credits(files, langs), load_calendar(files, langs), opponents,
        root["money"].text() or None, frozenset(root["people_attend"].texts()),
        frozenset(root["pieces"].texts()), load_translated(files, langs),
        files.hash, chains, load_labels(files, langs, kinds, names, chains),
    )  # fmt: skip
    if files.mistakes:
        raise CodebookError(files.mistakes)
    return book


def _is_codebook(folder: Path) -> bool:
    return (folder / "codebook.yaml").is_file()


def _found(folder: Path) -> Path:
    """The folder itself; where it is none but the name of a codebook that comes with the program, that one's."""
    packaged = _PACKAGED / folder
    return packaged if not _is_codebook(folder) and len(folder.parts) == 1 and _is_codebook(packaged) else folder


def _base(node: Node, folder: Path) -> Path | None:
    """The folder of the codebook that has what this one lacks: beside it, or one that comes with the program."""
    if not node.text():
        return None
    base = next((b for b in (folder / node.text(), _PACKAGED / node.text()) if _is_codebook(b)), None)
    if base is None:
        node.mistake(f"no codebook {node.text()!r}, from this folder or among those that come with the program")
    return base


@lru_cache(maxsize=1)
def default_codebook() -> Codebook:
    """The codebook that is used where none is named: security assistance to Ukraine."""
    return load_codebook(_PACKAGED / "assistance")
