"""The codebook: that the packaged one is sound, and that every mistake in one is told with its file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from recoupe.codebook import Codebook, default_codebook, load_codebook
from recoupe.codebook.calendar import load_calendar
from recoupe.codebook.chains import load_chains
from recoupe.codebook.credits import load_credits
from recoupe.codebook.files import Files, Row
from recoupe.codebook.furniture import load_furniture
from recoupe.codebook.kinds import STATUSES, load_frames, load_kinds
from recoupe.codebook.lexicon import load_grammar, load_lexicon, load_numbers
from recoupe.codebook.names import ORG_KINDS, load_names
from recoupe.codebook.patterns import NEVER
from recoupe.codebook.times import load_times
from recoupe.codebook.translated import load_translated
from recoupe.errors import CodebookError
from recoupe.values import Actor, Count

LANGS = ("fr", "en")
BOOK = default_codebook()
FOLDER = BOOK.folder
Tables = Mapping[str, list[dict[str, str]]]
Change = Callable[[str, Callable[[bytes], bytes | None]], None]


SHORT = {
    "frames.yaml": "give:\n  verb: {agent: [subj]}\n  noun: {agent: [de]}\n  verbs:\n    fournir: fourni\n",
    "times.yaml": "units: {}\natoms: []\n",
    "furniture.yaml": "language: fr\nstopwords: [le]\n",
}

# -- mistakes are told with file and line ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the codebook that loads fast: in one language, with few words for frames, times and furniture."""
    folder = tmp_path_factory.mktemp("codebook") / "assistance"
    shutil.copytree(FOLDER, folder)
    root = folder / "codebook.yaml"
    root.write_text(re.sub(r"(?m)^languages:.*$", "languages: [fr]", root.read_text("utf-8")), "utf-8")
    for name, text in SHORT.items():
        (folder / "fr" / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def change(copy: Path) -> Iterator[Change]:
    """Changes a file of the copy, or takes it away (None), for the length of one test."""
    before: dict[Path, bytes] = {}

    def apply(name: str, edit: Callable[[bytes], bytes | None]) -> None:
        path = copy / name
        old = before.setdefault(path, path.read_bytes())
        new = edit(path.read_bytes())
        assert new != old, f"nothing to change in {name}"
        path.unlink() if new is None else path.write_bytes(new)

    yield apply
    for path, content in before.items():
        path.write_bytes(content)


@dataclass(frozen=True)
class Planted:
    """A mistake: the file, the words put in, what is told of it, where (None: at the end), its line's words."""

    file: str
    words: str
    told: str
    after: str | None = None
    at: str = ""

    def edit(self, content: bytes) -> bytes:
        text = content.decode()
        if self.after is None:
            return (text.rstrip("\n") + "\n" + self.words + "\n").encode()
        assert self.after in text, f"{self.file} no longer has {self.after!r}"
        return text.replace(self.after, self.after + self.words, 1).encode()

    def line(self, text: str) -> int:
        """The line of the changed text on which the mistake stands."""
        place = text.rindex(self.at or self.words)
        return text.count("\n", 0, place) + 1


def _tsv(*cells: str) -> str:
    return "\t".join(cells)


FRAME = """planted:
  slots:
    agent: actor
    theme: item
  moods:
    done:
      kind: pledge
      status: done
      roles: {agent: donor}
"""

# fmt: off
PLANTED = {
    "a role that the kind has not": Planted(
        "kinds.yaml", "planted:\n  about: a test\n  roles:\n    who: actor\n  identifies:\n    - who\n    - venue",
        "expected a role of planted, found 'venue'", at="- venue"),
    "a type that roles have not": Planted(
        "kinds.yaml", "planted:\n  about: a test\n  roles:\n    who: actors",
        "expected a role type (actor, amount, count, free, item, level, place, with * for a list), found 'actors'",
        at="who: actors"),
    "a need that no role fills": Planted(
        "kinds.yaml", "planted:\n  about: a test\n  roles: {who: actor}\n  needs: [who|whom]",
        "planted has no 'whom'; expected one of who, time", at="needs: [who|whom]"),
    "a kind without roles": Planted(
        "kinds.yaml", "planted:\n  about: a test", "expected the key 'roles'", at="about: a test"),
    "a key that kinds have not": Planted(
        "kinds.yaml", "planted:\n  about: a test\n  roles: {who: actor}\n  colour: red",
        "unknown key 'colour'; expected one of about, roles, ", at="colour: red"),
    "a key that stands twice": Planted(
        "kinds.yaml", "planted:\n  about: a test\n  roles: {who: actor}\n  about: another",
        "the key 'about' stands here twice", at="about: another"),
    "a slot that the frame has not": Planted(
        "frames.yaml", FRAME.replace("agent: donor", "giver: donor"), "unknown slot 'giver'", at="roles: {giver"),
    "a role that the outcome's kind has not": Planted(
        "frames.yaml", FRAME.replace("agent: donor", "agent: giver"), "pledge has no role 'giver'",
        at="agent: giver"),
    "an unknown kind": Planted(
        "frames.yaml", FRAME.replace("kind: pledge", "kind: vow"), "unknown kind 'vow'", at="kind: vow"),
    "an unknown mood": Planted("frames.yaml", FRAME.replace("done:", "doen:"), "found 'doen'", at="kind: pledge"),
    "a switch": Planted("frames.yaml", FRAME + "  toll: maybe", "expected yes or no, found 'maybe'", at="toll: maybe"),
    "an unknown status": Planted(
        "frames.yaml", FRAME.replace("status: done", "status: certain"),
        "expected a status (denied, done, planned, possible), found 'certain'", at="status: certain"),
    "a type that slots have not": Planted(
        "frames.yaml", FRAME.replace("theme: item", "theme: weapon"), "expected a slot type (", at="theme: weapon"),
    "a branch for a slot that is not there": Planted(
        "frames.yaml", FRAME.replace("  moods:", "  within:\n    goods: [military]\n  moods:"),
        "expected a slot of planted, found 'goods'", at="goods: [military]"),
    "words for a frame that is not there": Planted(
        "fr/frames.yaml", "planted:\n  verbs: {planter: plant}", "unknown frame 'planted'; expected one of give, ",
        at="verbs: {planter"),
    "words that are no pattern": Planted(
        "fr/frames.yaml", '\n    planter: "plant("', "expected a regular expression, found '(?:plant()",
        after="\n  verbs:", at="planter:"),
    "a key that words have not": Planted(
        "fr/frames.yaml", "\n    planter: {stem: plant, onnly: pot}",
        "unknown key 'onnly'; expected stem, only, ", after="\n  verbs:",
        at="planter:"),
    "markers of a slot that is not there": Planted(
        "fr/frames.yaml", "giver: [subj], ", "has no slot 'giver'", after="\n  noun: {"),
    "a number that is none": Planted(
        "fr/numbers.yaml", "umpteen: many, ", "expected a number, found 'many'", after="\nscales: {"),
    "a head that is neither first nor last": Planted(
        "fr/grammar.yaml", "both #", "expected first or last, found 'both'", after="\nhead: "),
    "a reporting verb that is no pattern": Planted(
        "fr/grammar.yaml", 'planter: "plant(", ', "expected a regular expression, found '(?:plant()'",
        after="\n  verbs: {"),
    "columns of another name": Planted(
        "fr/groups.tsv", "x", "expected the columns id, names, adjectives, found idx, names, adjectives", after="id",
        at="idx\tnames"),
    "more cells than columns": Planted(
        "groups.tsv", _tsv("group:planted", "country:FR", "country:DE"), "expected 2 cells, found 3"),
    "a name for nobody": Planted(
        "fr/people.tsv", _tsv("person:planted", "Jean Planté", ""), "unknown id 'person:planted'"),
    "an accession without a day": Planted("states.tsv", _tsv("XZ", "", "nato 1949"), "expected a block and the day of"),
    "a state that stands twice": Planted("states.tsv", _tsv("UA", "place:kyiv"), "the state 'UA' stands here twice"),
    "an organisation that stands twice": Planted(
        "organisations.tsv", _tsv("org:nato", "alliance", "", "NATO"),
        "the organisation 'org:nato' stands here twice"),
    "a kind that organisations have not": Planted(
        "organisations.tsv", _tsv("org:planted", "club", "", "Planted"),
        f"expected kind to be one of {', '.join(sorted(ORG_KINDS))}, found 'club'"),
    "a sex that is none": Planted(
        "people.tsv", _tsv("person:planted", "x", "Jean Planté"), "expected sex to be one of f, m, found 'x'"),
    "a kind that places have not": Planted(
        "places.tsv", _tsv("place:planted", "continent"), "expected kind to be one of building, city, "),
    "a place beyond the pole": Planted(
        "places.tsv", _tsv("place:planted", "town", "", "", "95", "20"),
        "expected degrees from -90 to 90 in the column 'lat', found '95'"),
    "a place without a meridian": Planted(
        "places.tsv", _tsv("place:planted", "town", "", "", "45"),
        "expected degrees from -180 to 180 in the column 'lon', found ''"),
    "a state that lies nowhere": Planted(
        "states.tsv", _tsv("XZ", "", "", "north", "20"),
        "expected degrees from -90 to 90 in the column 'lat', found 'north'"),
    "a day that is none": Planted(
        "offices.tsv", _tsv("person:olaf-scholz", "country:DE", "head-of-government", "2021-12-32", "2025-05-06"),
        "expected a date (YYYY, YYYY-MM or YYYY-MM-DD) in the column 'since', found '2021-12-32'"),
    "a term that ends before it begins": Planted(
        "offices.tsv", _tsv("person:olaf-scholz", "country:DE", "head-of-government", "2021-12-08", "2021-11"),
        "the term ends before it begins"),
    "a term of nobody": Planted(
        "offices.tsv", _tsv("person:planted", "country:DE", "minister", "2020"), "unknown person 'person:planted'"),
    "an office that is not there": Planted(
        "offices.tsv", _tsv("person:olaf-scholz", "country:DE", "king", "2020"), "unknown office 'king'"),
    "an item under nothing": Planted(
        "materiel.tsv", _tsv("planted", "hovercraft", "planted item"),
        "expected the parent 'hovercraft' on a line above"),
    "a member that is no state": Planted(
        "groups.tsv", _tsv("group:planted", "country:FR|country:ZZ"), "unknown state 'country:ZZ'"),
    "an outlet without a name": Planted(
        "outlets.tsv", _tsv("planted", "", "website"), "expected a value in the column 'name'"),
    "a calendar's event that ends before it begins": Planted(
        "calendar.tsv", _tsv("planted", "2024-02-01", "2024-01-31", "event"),
        "expected a day since, and until no day before it"),
    "sides of a war that are not two": Planted(
        "codebook.yaml", '\n  - ["country:FR"]', "expected a list of two actors", after="\nopponents:",
        at='["country:FR'),
    "a role that stands for one that is none": Planted(
        "kinds.yaml", "planted:\n  about: a test\n  roles: {who: actor}\n  untold: {who: whom}",
        "expected a role of planted, found 'whom'", at="{who: whom}"),
    "a step that is no kind": Planted(
        "chains.yaml", "\n  planted: {sides: {}}", "unknown kind 'planted'", after="\nsteps:", at="{sides: {}}"),
    "a step in no column of the balance": Planted(
        "chains.yaml", "planted", "expected one of the columns (asked", after="column: ", at="planted"),
    "what is not counted that is no item": Planted(
        "chains.yaml", "planted, ", "unknown item 'planted'", after="\nuncounted: ["),
    "a side of a step that is no role": Planted(
        "chains.yaml", "\n  threat: {sides: {donor: planted}}", "expected a role of threat, found 'planted'",
        after="\nsteps:", at="planted"),
    "a thing that gives": Planted(
        "chains.yaml", "\n  deployment: {sides: {donor: item}}",
        "expected a role of the type actor, found 'item' (item)", after="\nsteps:", at="{sides: {donor: item}}"),
    "a side that is none": Planted(
        "chains.yaml", "\n  threat: {sides: {planted: actor}}", "expected one of the sides (donor, recipient, item)",
        after="\nsteps:", at="{planted: actor}"),
    "a part that nothing plays": Planted(
        "chains.yaml", "planted: lender, ", "expected one of giver, taker, thing, found 'lender'",
        after="\nsides: {", at="lender"),
    "two sides that give": Planted(
        "chains.yaml", "planted: giver, ", "expected one side for the giver, found several", after="\nsides: {"),
    "a step with two counts": Planted(
        "chains.yaml", "\n  attack: {sides: {}}", "a step has at most one role of the type count", after="\nsteps:",
        at="{sides: {}}"),
    "a need that is no side of the step": Planted(
        "chains.yaml", "[planted] #", "expected a side of this step, found 'planted'", after="needs: ", at="[planted]"),
    "a time that is no number of days": Planted(
        "chains.yaml", "soon #", "expected a number of days, found 'soon'", after="again: ", at="soon"),
    "a link back in the order of steps": Planted(
        "chains.yaml", '\n  - {earlier: delivery, later: pledge, roles: {donor: donor}, within: 9, words: x}',
        "pledge must stand after delivery among the steps", after="\nlinks:", at="{earlier: delivery, later: pledge"),
    "a link from what is no step": Planted(
        "chains.yaml", '\n  - {earlier: attack, later: pledge, roles: {target: donor}, within: 9, words: x}',
        "expected one of the steps (request", after="\nlinks:", at="{earlier: attack"),
    "a link without actors": Planted(
        "chains.yaml", '\n  - {earlier: pledge, later: delivery, roles: {item: item}, within: 9, words: x}',
        "expected a pair of roles of actors", after="\nlinks:", at="{item: item}, within: 9"),
    "a link of roles of two sorts": Planted(
        "chains.yaml",
        "\n  - {earlier: pledge, later: delivery, roles: {donor: item, recipient: recipient}, within: 9, words: x}",
        "expected two roles of actors or two of items", after="\nlinks:", at="{donor: item, recipient"),
    "a label for what is no kind": Planted(
        "fr/labels.yaml", "\n  planted: greffon", "unknown id 'planted' in kinds", after="\nkinds:",
        at="planted: greffon"),
    "a label that says nothing": Planted(
        "fr/labels.yaml", ' "" #', "expected a name for 'sanction', found nothing", after="\n  sanction:",
        at='sanction: ""'),
    "pieces that are no items": Planted("codebook.yaml", "planted, ", "unknown item 'planted'", after="\npieces: ["),
    "people who attend what is no kind": Planted(
        "codebook.yaml", "planted, ", "unknown kind 'planted'", after="\npeople_attend: ["),
}
# fmt: on


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
def test_one_mistake_is_told_with_its_file_and_line(planted: Planted, copy: Path, change: Change) -> None:
    change(planted.file, planted.edit)
    with pytest.raises(CodebookError) as error:
        load_codebook(copy)
    (mistake,) = error.value.mistakes
    line = planted.line((copy / planted.file).read_text("utf-8"))
    assert mistake.startswith(f"{planted.file}:{line}: ")
    assert planted.told in mistake
    assert str(error.value) == mistake


def test_all_mistakes_are_told_at_once(copy: Path, change: Change) -> None:
    planted = [PLANTED[k] for k in ("an unknown kind", "an item under nothing", "a name for nobody")]
    for one in planted:
        change(one.file, one.edit)
    with pytest.raises(CodebookError) as error:
        load_codebook(copy)
    assert len(error.value.mistakes) == len(planted)
    for one in planted:
        line = one.line((copy / one.file).read_text("utf-8"))
        assert any(m.startswith(f"{one.file}:{line}: ") and one.told in m for m in error.value.mistakes)


@pytest.mark.parametrize("name", ["fr/people.tsv", "fr/numbers.yaml", "kinds.yaml"])
def test_a_missing_file_is_told(name: str, copy: Path, change: Change) -> None:
    change(name, lambda content: None)
    with pytest.raises(CodebookError) as error:
        load_codebook(copy)
    assert f"{name}:1: this file is missing" in error.value.mistakes


@pytest.mark.parametrize("name", ["fr/places.tsv", "fr/credits.yaml"])
def test_a_file_that_is_no_utf8_is_told(name: str, copy: Path, change: Change) -> None:
    change(name, lambda content: content + "é\n".encode("latin-1"))
    with pytest.raises(CodebookError) as error:
        load_codebook(copy)
    assert any(m.startswith(f"{name}:1: cannot be read as UTF-8 text: ") for m in error.value.mistakes)


def test_a_file_that_is_no_yaml_is_told_with_the_line_where_reading_stopped(copy: Path, change: Change) -> None:
    change("codebook.yaml", lambda content: b"# first\nname: [never, closed\nlanguages: fr]: en\n")
    with pytest.raises(CodebookError) as error:
        load_codebook(copy)
    assert error.value.mistakes[0].startswith("codebook.yaml:3: not YAML: ")


def test_an_empty_table_is_told() -> None:
    class Empty(Files):
        def _read(self, name: str) -> str | None:
            return "# only a comment\n\n"

    files = Empty(Path())
    assert files.table("states.tsv", "id", "capital") == []
    assert files.mistakes == ["states.tsv:1: expected a header line with the columns id, capital"]


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_that_is_no_codebook(tmp_path: Path, made: bool) -> None:
    folder = tmp_path if made else tmp_path / "nowhere"
    with pytest.raises(CodebookError, match="not a codebook") as error:
        load_codebook(folder)
    assert error.value.mistakes == [f"{folder}: not a codebook: it has no codebook.yaml"]


# -- the packaged codebook is sound ------------------------------------------------------------------------------------

# The ids that the manual names in its section 5.
MANUAL_ORGANISATIONS = {
    *("nato", "eu", "un", "g7", "nspa", "nato-ukraine-council", "udcg", "us-congress"),
    *("european-commission", "european-council", "iaea", "imf"),
}
MANUAL_KINDS = {
    "consultation": "body participants* requested_by chair level place",
    "request": "requester* addressee* item* count amount",
    "pledge": "donor* recipient* item* count amount programme",
    "purchase": "buyer* agent supplier item* count amount beneficiary*",
    "delivery": "donor* recipient* item* count amount",
    "replacement": "provider* donor* outgoing* incoming* count recipient*",
    "training": "provider* trainee* item* count place",
    "deployment": "owner* item* count place",
    "agreement": "parties* subject",
    "refusal": "actor* target* subject",
    "shortfall": "holder* item*",
    "attack": "attacker* target* place* weapon* launched intercepted killed injured",
    "threat": "actor* target* subject",
    "condemnation": "actor* target* subject",
    "sanction": "actor* target* subject",
}
BOUNDS = {"<=", ">=", "~"}


def test_the_kinds_and_their_roles_are_the_manuals(codebook: Codebook) -> None:
    assert {
        kind.name: " ".join(role.name + "*" * role.many for role in kind.roles.values())
        for kind in codebook.kinds.values()
    } == MANUAL_KINDS


def test_every_kind_has_a_frame_that_becomes_it(codebook: Codebook) -> None:
    reached = {outcome.kind for frame in codebook.frames.values() for outcome in frame.moods.values()}
    assert reached == set(codebook.kinds)


def test_every_role_is_filled_by_a_frame(codebook: Codebook) -> None:
    filled = {
        (o.kind, role) for frame in codebook.frames.values() for o in frame.moods.values() for role in o.roles.values()
    }
    free = {(k.name, r.name) for k in codebook.kinds.values() for r in k.roles.values() if r.type == "free"}
    assert {(k.name, role) for k in codebook.kinds.values() for role in k.roles} - free == filled


def test_moods_have_names_that_governing_words_give(codebook: Codebook) -> None:
    given = {frame.mood for frame in codebook.frames.values() if frame.mood} | STATUSES
    for frame in codebook.frames.values():
        assert set(frame.moods) <= given, frame.name
        assert frame.moods or frame.mood, f"{frame.name} yields nothing"


def test_branches_of_frames_are_of_the_tree(codebook: Codebook) -> None:
    for frame in codebook.frames.values():
        for branches in (*frame.within.values(), *frame.without.values()):
            assert set(branches) <= set(codebook.parents), frame.name


def test_a_frame_with_words_in_one_language_has_them_in_the_others(codebook: Codebook) -> None:
    lexicons = {lang: codebook.languages[lang].lexicon for lang in LANGS}
    told = {lang: {t.frame for t in (*lexicon.triggers, *lexicon.bare)} for lang, lexicon in lexicons.items()}
    assert told["fr"] == told["en"] == set(codebook.frames)


@pytest.mark.parametrize("lang", LANGS)
def test_words_that_evoke_frames(codebook: Codebook, lang: str) -> None:
    for trigger in codebook.languages[lang].lexicon.triggers:
        assert trigger.pattern is not NEVER
        assert not trigger.pattern.match(""), f"{trigger.frame}: {trigger.lemma} fits anywhere"
        assert set(trigger.markers) <= set(codebook.frames[trigger.frame].slots)
        assert all(m and m == m.strip() for markers in trigger.markers.values() for m in markers)
        assert trigger.object is None or trigger.object in {"actor", "item"}


@pytest.mark.parametrize("lang", LANGS)
def test_numbers_are_well_formed(codebook: Codebook, lang: str) -> None:
    numbers = codebook.languages[lang].numbers
    for word, written in numbers.vague.items():
        assert Count.parse(written).low > 0, word
    assert {*numbers.before.values(), *numbers.after.values()} == BOUNDS
    assert all(pattern.count("{a}") == pattern.count("{b}") == 1 for pattern in numbers.ranges)
    assert numbers.decimal not in numbers.thousands
    for words in (numbers.words, numbers.scales, numbers.vague, numbers.before, numbers.after):
        assert all(w and w == w.strip() for w in words)


@pytest.mark.parametrize("lang", LANGS)
def test_grammar_names_what_the_reader_asks_for(codebook: Codebook, lang: str) -> None:
    grammar = codebook.languages[lang].grammar
    types = {"actor", "person", "people", "time", "amount", "place", "count"}
    assert set(grammar.stand_ins) == types
    assert set(grammar.forms) | set(grammar.markers) <= STATUSES
    assert set(grammar.levels) == {"leaders", "ministers", "ambassadors", "officials", "military"}
    assert {"subject", "object"} <= set(grammar.relatives)
    assert {"m", "f", "many"} <= set(grammar.pronouns)
    assert NEVER not in (*grammar.reporting.values(), grammar.light_verbs, grammar.event_verbs, grammar.past)


def test_the_ids_that_the_manual_names(codebook: Codebook, actors: set[str]) -> None:
    assert {f"org:{name}" for name in MANUAL_ORGANISATIONS} <= actors
    assert {"group:nato-allies", "group:eu-members", "group:g7-members", "group:western-partners"} <= actors
    assert "person:jens-stoltenberg" in codebook.names.people
    assert {"military", "humanitarian", "money", "loan", "grant", "frozen-assets"} <= set(codebook.parents)


def test_materiel_is_the_manuals(shared: Path) -> None:
    ours, manuals = ((f / "materiel.tsv").read_text("utf-8").splitlines() for f in (FOLDER, shared / "manual"))
    assert ours == manuals


def test_ids_are_well_formed(codebook: Codebook, actors: set[str]) -> None:
    for id_ in (*actors, *codebook.names.people, *codebook.names.places):
        assert str(Actor.parse(id_)) == id_
    for item in codebook.parents:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", item)


def test_no_id_stands_twice_in_a_table(tables: Tables) -> None:
    for name, rows in tables.items():
        ids = [row["id"] for row in rows if "id" in row]
        assert len(ids) == len(set(ids)), f"{name}: {sorted({i for i in ids if ids.count(i) > 1})}"


def test_the_ends_of_terms_and_the_sides_of_the_war(codebook: Codebook, actors: set[str]) -> None:
    for term in codebook.names.terms:
        assert term.until is None or term.since <= term.until
    for one, other in codebook.opponents.items():
        assert {one, other} <= actors
        assert codebook.opponents[other] == one


# -- docs/codebook.md is true to the loader ----------------------------------------------------------------------------

DOCS = Path(__file__).parents[1] / "docs" / "codebook.md"


class Recorder(Files):
    """Reads some files from `texts`, the others from the folder, and notes the columns of the tables asked for."""

    def __init__(self, **texts: str) -> None:
        super().__init__(FOLDER)
        self.texts = texts
        self.columns: dict[str, tuple[str, ...]] = {}

    def _read(self, name: str) -> str | None:
        key = re.sub(r"\W", "_", name)
        return self.texts[key] if key in self.texts else super()._read(name)

    def table(self, name: str, *columns: str, maybe: tuple[str, ...] = ()) -> list[Row]:
        ends = (f"[{maybe[0]}", *maybe[1:-1], f"{maybe[-1]}]") if maybe else ()
        self.columns[name.replace("fr/", "LANG/")] = (*columns, *ends)
        return super().table(name, *columns, maybe=maybe)

    def allowed(self) -> set[str]:
        """The keys that the mistake about the planted one names."""
        (told,) = [m for m in self.mistakes if "unknown key 'zzz'" in m]
        words = re.split(", | or ", re.split("expected (?:one of )?", told)[1])
        return {word for word in words if " " not in word}


def section(heading: str) -> str:
    return re.split(r"(?m)^#{2,3} ", DOCS.read_text("utf-8").split(heading, 1)[1])[0]


def documented(heading: str, table: int = 0) -> set[str]:
    """The names in the first column of a table of a section."""
    tables = re.findall(r"(?m)(?:^\|.*\n)+", section(heading))
    return {name for row in tables[table].split("\n")[2:] for name in re.findall("`([^`]+)`", row.split(" | ")[0])}


def test_the_columns_that_are_documented(codebook: Codebook) -> None:
    files = Recorder()
    load_names(files, ["fr"])
    load_calendar(files, ["fr"])
    text = DOCS.read_text("utf-8")
    found = {name: tuple(columns.split()) for name, columns in re.findall(r"(?m)^### `(\S+)`: `([^`]+)`", text)}
    for names, columns in re.findall(r"(?m)^\| ((?:`LANG/\w+\.tsv`(?:, )?)+) \| `([^`]+)`", text):
        found.update({name: tuple(columns.split()) for name in re.findall("`([^`]+)`", names)})
    assert found == files.columns


WORD = "give: {verbs: {donner: {zzz: 1}}}"
PLAIN = "planted: {slots: {agent: actor}, moods: {done: {kind: pledge, zzz: 1}}}"


@pytest.mark.parametrize(
    ("heading", "table", "load", "texts"),
    [
        ("### `kinds.yaml`", 0, load_kinds, {"kinds_yaml": "planted: {zzz: 1}"}),
        ("### `frames.yaml`", 0, lambda f: load_frames(f, BOOK.kinds), {"frames_yaml": "planted: {zzz: 1}"}),
        ("### `frames.yaml`", 1, lambda f: load_frames(f, BOOK.kinds), {"frames_yaml": PLAIN}),
        ("### `chains.yaml`", 0, lambda f: load_chains(f, BOOK.kinds, BOOK.parents), {"chains_yaml": "zzz: 1"}),
        (
            "### `chains.yaml`",
            1,
            lambda f: load_chains(f, BOOK.kinds, BOOK.parents),
            {"chains_yaml": "steps: {pledge: {zzz: 1}}"},
        ),
        (
            "### `chains.yaml`",
            2,
            lambda f: load_chains(f, BOOK.kinds, BOOK.parents),
            {"chains_yaml": "links: [{zzz: 1}]"},
        ),
        ("`LANG/frames.yaml`\n", 0, lambda f: load_lexicon(f, "fr", BOOK.frames), {"fr_frames_yaml": "give: {zzz: 1}"}),
        ("`LANG/frames.yaml`\n", 1, lambda f: load_lexicon(f, "fr", BOOK.frames), {"fr_frames_yaml": WORD}),
        ("`LANG/grammar.yaml`\n", 0, lambda f: load_grammar(f, "fr"), {"fr_grammar_yaml": "zzz: 1"}),
        ("`LANG/grammar.yaml`\n", 1, lambda f: load_grammar(f, "fr"), {"fr_grammar_yaml": "speech: {zzz: 1}"}),
        ("`LANG/numbers.yaml`\n", 0, lambda f: load_numbers(f, "fr"), {"fr_numbers_yaml": "zzz: 1"}),
        ("`LANG/times.yaml`\n", 0, lambda f: load_times(f, "fr"), {"fr_times_yaml": "zzz: 1"}),
        ("`LANG/credits.yaml`\n", 0, lambda f: load_credits(f, ["fr"]), {"fr_credits_yaml": "zzz: 1"}),
        ("`LANG/translated.yaml`\n", 0, lambda f: load_translated(f, ["fr"]), {"fr_translated_yaml": "zzz: 1"}),
        ("`LANG/furniture.yaml`\n", 0, lambda f: load_furniture(f, ["en"]), {"en_furniture_yaml": "zzz: 1"}),
    ],
)
def test_the_keys_that_are_documented(
    heading: str, table: int, load: Callable[[Files], object], texts: dict[str, str]
) -> None:
    files = Recorder(**texts)
    load(files)
    assert documented(heading, table) == files.allowed()
    for example in re.findall("```yaml\n(.*?)```", section(heading), re.DOTALL):
        files = Recorder(**dict.fromkeys(texts, example))
        load(files)
        assert files.mistakes == []


def test_the_keys_of_the_codebook_that_are_documented(copy: Path, change: Change) -> None:
    change("codebook.yaml", lambda content: content + b"zzz: 1\n")
    with pytest.raises(CodebookError) as error:
        load_codebook(copy)
    assert documented("`codebook.yaml`\n") == set(error.value.mistakes[0].split("expected one of ")[1].split(", "))


def test_every_file_is_documented() -> None:
    text = DOCS.read_text("utf-8")
    for path in FOLDER.rglob("*.*"):
        name = path.relative_to(FOLDER).as_posix()
        assert re.sub(f"^({'|'.join(LANGS)})/", "LANG/", name) in text
