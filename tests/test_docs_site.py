"""The documentation: what its pages show is what commands print and files hold, and the site of it needs no network."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from typer.main import get_command
from typer.testing import CliRunner

from golden.docs import (
    API,
    CODED,
    COMMANDS,
    DOCS,
    GOLDEN_QUAKES,
    ROOT,
    WALK,
    WORKED,
    api,
    commands,
    prepared,
    quakes,
    worked,
)
from golden.docs import QUAKES as QUAKE_PAGES
from recoupe.cli import app
from recoupe.codebook import load_codebook
from recoupe.errors import ValueSyntaxError
from recoupe.ledger import create_ledger
from recoupe.ledger.found import REVIEWS
from recoupe.pipeline import fill, from_files
from recoupe.values import Actor, Amount, Count, Value, When
from recoupe.web.query import NAMES, SORTS

QUAKES = ROOT / "src" / "recoupe" / "codebooks" / "earthquakes"


def compared(name: str, folder: Path) -> None:
    page = (DOCS / name).read_text("utf-8")
    assert worked(page, folder) == page, f"{name} shows something else than its commands print: make golden"


def test_the_tutorial_and_the_entry_that_is_read_in_its_ledger(tmp_path: Path) -> None:
    prepared(WORKED[0], tmp_path)
    for name in WORKED:
        compared(name, tmp_path)


def test_the_tutorials_last_step_opens_the_ledger(tmp_path: Path) -> None:
    """`recoupe serve` prints an address at which the ledger is, as a page and as JSON."""
    pages = prepared(CODED, tmp_path)
    command = [sys.executable, "-c", "from recoupe.cli import main; main()"]
    subprocess.run([*command, "read", "bridge.txt", "--into", "my.db"], cwd=pages, check=True, capture_output=True)
    with subprocess.Popen(
        [*command, "serve", "my.db", "--port", "0"],
        cwd=pages,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as served:
        try:
            assert served.stdout is not None
            said = served.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/", said)
            assert address, said
            with urlopen(address[0], timeout=60) as page:
                assert "text/html" in page.headers["content-type"]
            with urlopen(f"{address[0]}api/entries", timeout=60) as answer:
                assert json.load(answer)["total"] > 0
        finally:
            served.terminate()


@pytest.mark.parametrize("what", ["claims", "origins", "reports"])
def test_every_key_of_an_export_is_documented(what: str, tmp_path: Path) -> None:
    text = (DOCS / "exports.md").read_text("utf-8").split(f"## {what.capitalize()}\n")[1].split("\n## ")[0]
    keys = set(re.findall("`([a-z_]+)`", " ".join(re.findall(r"(?m)^\| (`.*?) \|", text))))
    db = tmp_path / "quakes.db"
    with create_ledger(str(db)) as ledger:
        fill(ledger, from_files(QUAKE_PAGES), load_codebook(Path("earthquakes")))
    done = CliRunner().invoke(app, ["export", what, str(db), "--out", "-"])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = {key for line in lines for key in line} | {k for line in lines for c in line.get("claims", ()) for k in c}
    assert keys == found | ({"reviewed"} if what == "claims" else set())


@pytest.mark.parametrize("name", [CODED, WALK])
def test_a_page_shows_what_its_commands_print(name: str, tmp_path: Path) -> None:
    compared(name, prepared(name, tmp_path))


def test_the_walk_shows_its_files_as_they_are() -> None:
    shown = re.findall(r'```\w+ title="([^"]+)"\n(.*?)```', (DOCS / WALK).read_text("utf-8"), re.DOTALL)
    assert len(shown) > 8
    for name, lines in shown:
        assert lines in (QUAKES / name).read_text("utf-8"), f"{name} has no such lines:\n{lines}"


def test_the_ledger_of_the_earthquakes() -> None:
    assert quakes() == GOLDEN_QUAKES.read_text("utf-8"), "make golden, and look at what changed"


def test_every_command_is_documented_as_it_helps() -> None:
    assert COMMANDS.read_text("utf-8") == commands(), "make golden"


def test_the_api_is_documented_as_it_describes_itself() -> None:
    page = API.read_text("utf-8")
    assert api(page) == page, "make golden"


def test_every_parameter_of_the_api_is_documented() -> None:
    page = API.read_text("utf-8").split("## Answers")[0]
    rows = re.findall(r"(?m)^\| ((?:`[a-z]+`(?:, )?)+)(?: \(several\))? \|", page)
    assert set(re.findall("`([a-z]+)`", " ".join(rows))) == set(NAMES)
    for name, values in (("review", REVIEWS), ("sort", SORTS)):
        (row,) = re.findall(rf"(?m)^\| `{name}`.*", page)
        assert set(values) <= set(re.findall("`([a-z-]+)`", row))


def leaves(command: object, *above: str) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """The commands below one, each with its options."""
    below = getattr(command, "commands", None)
    if below is None:
        params = command.params  # type: ignore[attr-defined]
        yield above, {"--help", *(option for parameter in params for option in parameter.opts)}
    for name, inner in (below or {}).items():
        yield from leaves(inner, *above, name)


def test_every_command_and_option_that_the_pages_name_is_there() -> None:
    known, named = dict(leaves(get_command(app))), 0
    for path in [*DOCS.glob("*.md"), ROOT / "README.md"]:
        for line in path.read_text("utf-8").splitlines():
            for m in re.finditer(r"(?:^    |^\$ |`)recoupe ((?:export|codebook) [a-z]+|[a-z]+)([^`|#]*)", line):
                command, options = tuple(m[1].split()), re.findall(r"(?<![\w-])--[a-z-]+", m[2].split("   ")[0])
                assert command in known, f"{path.name}: {line}"
                assert set(options) <= known[command], f"{path.name}: {line}"
                named += 1
    assert named > 100


# -- values' notation --------------------------------------------------------------------------------------------------

VALUES = (DOCS / "values.md").read_text("utf-8")


def value(text: str) -> Value:
    for parse in (When.parse, Count.parse, Amount.parse, Actor.parse):
        try:
            return parse(text)
        except ValueSyntaxError:
            continue
    raise AssertionError(f"no value: {text}")


@pytest.mark.parametrize("heading", ["Counts", "Sums", "Times", "Actors and places"])
def test_what_is_written_in_the_tables_of_values_is_read(heading: str) -> None:
    rows = re.findall(r"(?m)^\| `([^`]+)` \|", VALUES.split(f"## {heading}\n")[1].split("\n## ")[0])
    assert rows
    for text in (row.replace("\\|", "|") for row in rows):
        assert str(value(text)) == text


def test_what_two_values_say_together() -> None:
    rows = re.findall(r"(?m)^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|", VALUES)
    assert len(rows) > 5
    for one, other, together in rows:
        a, b = value(one), value(other)
        assert (f"{one} ≠ {other}" if a.meet(b) is None else str(a.meet(b))) == together
        assert a.meet(b) == b.meet(a)


# -- the site ----------------------------------------------------------------------------------------------------------


class Fetched(HTMLParser):
    """What a browser fetches by itself to show a page: scripts, styles, icons, fonts, pictures, frames."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "link" and about.get("rel") not in ("canonical", "next", "prev", "alternate"):
            self.addresses.append(about.get("href") or "")
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed", "object", "use"):
            self.addresses += [about[key] or "" for key in ("src", "srcset", "data", "href") if key in about]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("material") is None:
        pytest.skip("MkDocs Material is not installed (the extra `docs`)")
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_every_page_is_in_the_site_and_fetches_nothing_from_elsewhere(site: Path) -> None:
    pages = {path.stem for path in DOCS.glob("*.md")}
    assert pages <= {path.stem for path in site.glob("*.html")}
    for path in site.rglob("*.html"):
        parser = Fetched()
        parser.feed(path.read_text("utf-8"))
        assert parser.addresses
        for address in parser.addresses:
            assert not re.match(r"(?:\w+:)?//", address), f"{path.name}: {address}"
            if not address.startswith("data:"):
                local = (site / address.lstrip("/")) if address.startswith("/") else path.parent / address
                assert Path(str(local).partition("?")[0].partition("#")[0]).exists(), f"{path.name}: {address}"


def test_its_styles_fetch_nothing_from_elsewhere(site: Path) -> None:
    styles = list(site.rglob("*.css"))
    assert styles
    for path in styles:
        text = path.read_text("utf-8")
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", text), path.name


def test_every_page_has_its_place_in_the_navigation() -> None:
    text = re.sub(r"!!python/\S+", "", (ROOT / "mkdocs.yml").read_text("utf-8"))
    nav = re.findall(r"[\w-]+\.md", yaml.dump(yaml.safe_load(text)["nav"]))
    assert sorted(nav) == sorted(path.name for path in DOCS.glob("*.md"))


def test_what_the_readme_links_to_is_there() -> None:
    linked = re.findall(r"\]\((docs/[^)#]+)", (ROOT / "README.md").read_text("utf-8"))
    assert linked
    for name in linked:
        assert (ROOT / name).is_file(), name


def test_a_copy_of_the_second_codebook_is_one_too(tmp_path: Path) -> None:
    """Anybody may copy its folder and go on from there."""
    shutil.copytree(QUAKES, tmp_path / "mine")
    assert load_codebook(tmp_path / "mine").kinds.keys() == load_codebook(Path("earthquakes")).kinds.keys()
