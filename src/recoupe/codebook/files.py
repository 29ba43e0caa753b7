"""Reads a codebook's TSV and YAML files and collects every mistake with its file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import yaml

_LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the one in C, where PyYAML was built with it, is ten times as fast

_KINDS = frozenset({".yaml", ".tsv"})  # the ends of the names of its files


@dataclass
class Files:
    """A codebook folder under reading. `mistakes` grows; the caller raises when reading is over.

    What the folder lacks is read from the `base`, another codebook's folder; the tables in `added` (by their own name,
    whatever the language) are read from both, the base's rows first.
    """

    folder: Path
    mistakes: list[str] = field(default_factory=list)
    base: Path | None = None
    added: frozenset[str] = frozenset()

    def again(self) -> Files:
        """The same files, to be read once more: without mistakes so far."""
        return Files(self.folder, base=self.base, added=self.added)

    def mistake(self, name: str, line: int, text: str) -> None:
        """Notes a mistake: the file (below the folder), the line (from 1), and what was expected."""
        self.mistakes.append(f"{name}:{line}: {text}")

    def _shown(self, name: str) -> tuple[str, ...]:
        """The files to be read for a name, as mistakes call them: those of the base under the name of its folder."""
        if self.base is None or not (self.base / name).is_file():
            return (name,)
        of_base = f"{self.base.name}/{name}"
        if not (self.folder / name).is_file():
            return (of_base,)
        return (of_base, name) if name.rpartition("/")[2] in self.added else (name,)

    def _path(self, shown: str) -> Path:
        """Where a file lies, from how it is shown."""
        if self.base is not None and not (self.folder / shown).is_file() and shown.startswith(f"{self.base.name}/"):
            return self.base / shown.removeprefix(f"{self.base.name}/")
        return self.folder / shown

    def _read(self, name: str) -> str | None:
        path = self._path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self.mistake(name, 1, "this file is missing")
        except (OSError, UnicodeDecodeError) as error:
            self.mistake(name, 1, f"cannot be read as UTF-8 text: {error}")
        else:
            return text
        return None

    def hash(self, langs: Sequence[str], but: str) -> str:
        """SHA-256 over the names and texts of all files of a codebook in these languages, whatever their order; `but`
        is the name of those that are left out.
        """
        shown = sorted({s for name in self._all(langs) if name.rpartition("/")[2] != but for s in self._shown(name)})
        texts = ((name, _content(self._path(name))) for name in shown)
        return sha256("".join(f"{name}\n{sha256(text).hexdigest()}\n" for name, text in texts).encode()).hexdigest()

    def _all(self, langs: Sequence[str]) -> Iterator[str]:
        """The names of the files that there are, here or in the base."""
        for folder in filter(None, (self.folder, self.base)):
            for below in ("", *langs):
                for path in (folder / below).glob("*.*"):
                    if path.suffix in _KINDS and not path.name.startswith(".") and path.is_file():
                        yield f"{below}/{path.name}" if below else path.name

    def table(self, name: str, *columns: str, maybe: tuple[str, ...] = ()) -> list[Row]:
        """The rows of a TSV file whose header must be `columns`, with or without those that there may be besides, which
        come last. Lines that start with # and empty lines are passed over.
        """
        return [row for shown in self._shown(name) for row in self._rows(shown, columns, maybe)]

    def _rows(self, name: str, columns: tuple[str, ...], maybe: tuple[str, ...]) -> list[Row]:
        text = self._read(name)
        if text is None:
            return []
        rows: list[Row] = []
        header: list[str] | None = None
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [c.strip() for c in line.split("\t")]
            if header is None:
                header = cells
                if maybe and header == [*columns, *maybe]:
                    columns = (*columns, *maybe)
                if tuple(header) != columns:
                    self.mistake(name, number, f"expected the columns {', '.join(columns)}, found {', '.join(header)}")
                    return []
                continue
            if len(cells) > len(columns):
                self.mistake(name, number, f"expected {len(columns)} cells, found {len(cells)}")
                continue
            cells += [""] * (len(columns) - len(cells))
            found = dict.fromkeys(maybe, "") | dict(zip(columns, cells, strict=True))
            rows.append(Row(self, name, number, found))
        if header is None:
            self.mistake(name, 1, f"expected a header line with the columns {', '.join(columns)}")
        return rows

    def yaml(self, name: str) -> Node:
        """The root of a YAML file, as a node that knows its line."""
        name = self._shown(name)[-1]
        text = self._read(name)
        try:
            node = yaml.compose(text or "", Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.mistake(name, mark.line + 1 if mark else 1, f"not YAML: {getattr(error, 'problem', error)}")
            node = None
        return Node(self, name, node)


def _content(path: Path) -> bytes:
    """What a file holds, however its lines end; nothing where it cannot be read, which whoever reads its rows tells."""
    try:
        return path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    except OSError:
        return b""


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    files: Files
    name: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def mistake(self, text: str) -> None:
        """Notes a mistake at this line."""
        self.files.mistake(self.name, self.line, text)

    def need(self, column: str) -> str:
        """A cell that must not be empty."""
        if not self.cells[column]:
            self.mistake(f"expected a value in the column {column!r}")
        return self.cells[column]

    def many(self, column: str) -> tuple[str, ...]:
        """A cell's alternatives, separated by |, without doubles."""
        return tuple(dict.fromkeys(p.strip() for p in self.cells[column].split("|") if p.strip()))

    def one_of(self, column: str, allowed: set[str] | frozenset[str]) -> str:
        """A cell whose value must be one of `allowed`."""
        if self.cells[column] not in allowed:
            self.mistake(f"expected {column} to be one of {', '.join(sorted(allowed))}, found {self.cells[column]!r}")
        return self.cells[column]


@dataclass(frozen=True)
class Node:
    """A place in a YAML file. Every reader below notes a mistake and goes on with an empty value where the shape is
    wrong.
    """

    files: Files
    name: str
    node: yaml.Node | None

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.node.start_mark.line + 1 if self.node is not None else 1

    def mistake(self, text: str) -> None:
        """Notes a mistake at this place."""
        self.files.mistake(self.name, self.line, text)

    def _empty(self) -> bool:
        return self.node is None or (isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":null"))

    def items(self) -> Iterator[tuple[str, Node]]:
        """The keys and values of a mapping; an empty place is an empty mapping."""
        if self._empty():
            return
        if not isinstance(self.node, yaml.MappingNode):
            self.mistake("expected a mapping (key: value)")
            return
        seen: set[str] = set()
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.files.mistake(self.name, key.start_mark.line + 1, "expected one word for a key")
                continue
            if key.value in seen:
                self.files.mistake(self.name, key.start_mark.line + 1, f"the key {key.value!r} stands here twice")
            seen.add(key.value)
            yield str(key.value), Node(self.files, self.name, value)

    def fields(self, *allowed: str, need: tuple[str, ...] = ()) -> dict[str, Node]:
        """A mapping with known keys: unknown ones and missing ones are mistakes; absent ones read as empty."""
        found = dict(self.items())
        for key, value in found.items():
            if key not in allowed:
                value.mistake(f"unknown key {key!r}; expected one of {', '.join(allowed)}")
        for key in need:
            if key not in found:
                self.mistake(f"expected the key {key!r}")
        return {key: found.get(key, Node(self.files, self.name, None)) for key in allowed}

    def list(self) -> list[Node]:
        """The members of a list; an empty place is an empty list, a scalar a list of one."""
        if self._empty():
            return []
        if isinstance(self.node, yaml.SequenceNode):
            return [Node(self.files, self.name, n) for n in self.node.value]
        if isinstance(self.node, yaml.ScalarNode):
            return [self]
        self.mistake("expected a list")
        return []

    def text(self, default: str = "") -> str:
        """A scalar as text."""
        if self._empty():
            return default
        if not isinstance(self.node, yaml.ScalarNode):
            self.mistake("expected one value, not a list or a mapping")
            return default
        return str(self.node.value)

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(n.text() for n in self.list())

    def flag(self) -> bool:
        """A scalar that says yes or no; an absent one says no."""
        word = self.text("no").lower()
        if word not in ("yes", "true", "no", "false"):
            self.mistake(f"expected yes or no, found {word!r}")
        return word in ("yes", "true")

    def number(self, make: Callable[[str], float], default: float) -> float:
        """A scalar as a number made by `make`."""
        if self._empty():
            return default
        try:
            return make(self.text())
        except ValueError:
            self.mistake(f"expected a number, found {self.text()!r}")
            return default
