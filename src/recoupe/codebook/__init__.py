"""The codebook: a folder of YAML and TSV files that says what the program knows of a field of news, and in which words.

`load_codebook` reads a folder and raises `CodebookError` with every mistake (file, line, what was expected).
The folder's `codebook.yaml` names the codebook and its languages; `docs/codebook.md` describes the files.

What only reading pages needs (the words of a language, what is furniture ...) is most of a codebook and takes most of
the time. Who shows a ledger does not wait for it: of a codebook that comes with the program it is read when it is used,
and the modules that read it are not loaded before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from recoupe.codebook.chains import ChainRules, load_chains
from recoupe.codebook.files import Files, Node
from recoupe.codebook.kinds import Frame, Kind, load_frames, load_kinds
from recoupe.codebook.labels import FILE as LABELS
from recoupe.codebook.labels import Labels, load_labels
from recoupe.codebook.names import Names, Outlet, load_names
from recoupe.errors import CodebookError

if TYPE_CHECKING:
    import re

    from recoupe.codebook.calendar import Calendar
    from recoupe.codebook.credits import Credits
    from recoupe.codebook.furniture import Furniture
    from recoupe.codebook.language import Language


T = TypeVar("T")


@dataclass(frozen=True)
class Codebook:
    """A codebook. `edition` is a hash over its files: it changes when one of them does.

    What it has besides its fields is read from its files when it is asked for first, which raises CodebookError where
    they are not sound. Any thread may ask.
    """

    name: str
    folder: Path
    kinds: Mapping[str, Kind]
    frames: Mapping[str, Frame]
    names: Names = field(repr=False)
    opponents: Mapping[str, str] = field(repr=False)
    chains: ChainRules = field(repr=False)
    edition: str
    money: str | None = None
    people_attend: frozenset[str] = frozenset()
    pieces: frozenset[str] = frozenset()
    measures: tuple[str, ...] = ()
    _langs: Sequence[str] = ()
    _files: Files = field(repr=False, compare=False, kw_only=True)

    @cached_property
    def languages(self) -> Mapping[str, Language]:
        """What is said of each language, by its code."""
        from recoupe.codebook.language import load_languages

        return self._read(lambda files: load_languages(files, self._langs, self.frames, self.measures))

    @cached_property
    def furniture(self) -> Furniture:
        """How pages say what is not the article."""
        from recoupe.codebook.furniture import load_furniture

        return self._read(lambda files: load_furniture(files, self._langs))

    @cached_property
    def credits(self) -> Credits:
        """How reports say where they have it from."""
        from recoupe.codebook.credits import load_credits

        return self._read(lambda files: load_credits(files, self._langs))

    @cached_property
    def calendar(self) -> Calendar:
        """Events whose days are known."""
        from recoupe.codebook.calendar import load_calendar

        return self._read(lambda files: load_calendar(files, self._langs))

    @cached_property
    def translated(self) -> re.Pattern[str]:
        """How a report says that it is a translation."""
        from recoupe.codebook.translated import load_translated

        return self._read(lambda files: load_translated(files, self._langs))

    @cached_property
    def labels(self) -> Mapping[str, Labels]:
        """What things are called where people read, by language."""
        return self._read(lambda files: load_labels(files, self._langs, self.kinds, self.names, self.chains))

    def _read(self, load: Callable[[Files], T]) -> T:
        """What `load` makes of the files. Raises CodebookError."""
        files = self._files.again()
        made = load(files)
        if files.mistakes:
            raise CodebookError(files.mistakes)
        return made

    def mistakes(self) -> list[str]:
        """Reads what has not been read yet, and gives the mistakes in it, each with its file and line."""
        found: list[str] = []
        for part in _LATER:
            try:
                getattr(self, part)
            except CodebookError as error:
                found += error.mistakes
        return found

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


_LATER = tuple(name for name, part in vars(Codebook).items() if isinstance(part, cached_property))
_PACKAGED = Path(__file__).parent.parent / "codebooks"
_KEYS = ("name", "languages", "base", "adds", "opponents", "money", "people_attend", "pieces", "measures")


def load_codebook(folder: Path, later: bool = False) -> Codebook:
    """Reads the codebook in `folder`, or the one of that name that comes with the program; raises CodebookError with
    all mistakes found. `later`: what is known to be sound is not looked through; what only reading pages needs is then
    read when it is used.
    """
    folder = _found(folder)
    if not _is_codebook(folder):
        raise CodebookError([f"{folder}: not a codebook: it has no codebook.yaml"])
    files = Files(folder)
    root = files.yaml("codebook.yaml").fields(*_KEYS, need=("name", "languages"))
    files.base, files.added = _base(root["base"], folder), frozenset(root["adds"].texts())
    book = _book(files, root)
    if mistakes := [*files.mistakes, *(() if later else book.mistakes())]:
        raise CodebookError(mistakes)
    return book


def _book(files: Files, root: Mapping[str, Node]) -> Codebook:
    """The codebook of these files, whose root has these fields; mistakes are noted in `files`."""
    langs, measures = root["languages"].texts(), root["measures"].texts()
    kinds = load_kinds(files)
    frames = load_frames(files, kinds, measures)
    names = load_names(files, langs)
    chains = load_chains(files, kinds, names.parents)
    opponents = _opponents(root["opponents"])
    for node in (root["money"], *root["pieces"].list()):
        if node.text() and node.text() not in names.parents:
            node.mistake(f"unknown item {node.text()!r}")
    for kind in root["people_attend"].list():
        if kind.text() not in kinds:
            kind.mistake(f"unknown kind {kind.text()!r}")
    return Codebook(
        root["name"].text(), files.folder, kinds, frames, names, opponents, chains, files.hash(langs, but=LABELS),
        root["money"].text() or None, frozenset(root["people_attend"].texts()), frozenset(root["pieces"].texts()),
        measures, langs, _files=files,
    )  # fmt: skip


def _opponents(node: Node) -> dict[str, str]:
    """The other side of a war, by each side."""
    found: dict[str, str] = {}
    for pair in node.list():
        sides = pair.texts()
        if len(sides) != 2:
            pair.mistake("expected a list of two actors")
            continue
        found.update({sides[0]: sides[1], sides[1]: sides[0]})
    return found


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
    return load_codebook(_PACKAGED / "assistance", later=True)


def open_codebook(folder: Path | None) -> Codebook:
    """The codebook that a user names, by its folder or as one that comes with the program; the default one where none
    is named. One's own is looked through as a whole: raises CodebookError with all mistakes found.
    """
    if folder is None:
        return default_codebook()
    return load_codebook(folder, later=_found(folder).parent == _PACKAGED)
