"""Reports coded by hand (gold files), and what the program reads of the same pages: each pair side by side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from recoupe.cli.score import compared
from recoupe.codebook import Codebook
from recoupe.ledger import create_ledger
from recoupe.pipeline import fill, from_files
from recoupe.publish.score import Comparison

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Gold files (by name) whose pages are in one folder and are read into one ledger."""

    files: Mapping[str, Path]
    pages: Path


OWN = GoldSet({"own": REPOSITORY / "gold" / "own.jsonl"}, REPOSITORY / "gold" / "texts")


def referenced(shared: Path) -> GoldSet:
    """The repository's coded reports whose pages are in the shared folder."""
    return GoldSet({"referenced": REPOSITORY / "gold" / "referenced.jsonl"}, shared / "data")


def beside(shared: Path) -> GoldSet:
    """The gold files of the shared folder."""
    names = ("seeds", "press-fr", "english")
    return GoldSet({name: shared / "gold" / f"{name}.jsonl" for name in names}, shared / "data")


@dataclass(frozen=True, slots=True)
class Coded:
    """A coded report beside what was read of it; `lang` is the language that its coder gave it."""

    lang: str
    comparison: Comparison

    @property
    def set_aside(self) -> bool:
        """Is it of the fifth of all reports, by the hash of the name (without the folder of its language), that is not
        looked at while rules are written?
        """
        name = self.comparison.gold.doc.removeprefix(f"{self.lang}/")
        return int(sha256(name.encode()).hexdigest(), 16) % _FOLDS == 0


def read_coded(gold: GoldSet, codebook: Codebook) -> dict[str, list[Coded]]:
    """The reports of each gold file, by its name, in its order, as the program reads and exports them now."""
    langs = {name: dict(_langs(path)) for name, path in gold.files.items()}
    with TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        gather((doc for of in langs.values() for doc in of), gold.pages, pages)
        with create_ledger(Path(folder) / "gold.db") as ledger:
            fill(ledger, from_files(pages), codebook)
            told = {name: compared(path, ledger, None, codebook) for name, path in gold.files.items()}
    return {name: [Coded(langs[name][c.gold.doc], c) for c in found] for name, found in told.items()}


def comparisons(coded: Iterable[Coded]) -> Sequence[Comparison]:
    """What the figures are made from."""
    return [one.comparison for one in coded]


def _langs(path: Path) -> Iterator[tuple[str, str]]:
    """The reports of a gold file with their languages."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            record = json.loads(line)
            yield record["doc"], record["lang"]


def gather(docs: Iterable[str], source: Path, into: Path) -> None:
    """Copies pages, and what came beside them, to the same places below another folder."""
    for doc in docs:
        (into / doc).parent.mkdir(parents=True, exist_ok=True)
        for file in (Path(doc), Path(doc).with_suffix(".meta.json")):
            if (source / file).exists():
                copy(source / file, into / file)
