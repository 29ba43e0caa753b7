"""`recoupe chain`, `recoupe balance`, `recoupe export entries`, and how sure an entry is. Claims are made by hand."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from affairs import entry
from recoupe import cli
from recoupe.check import check
from recoupe.ledger import create_ledger, open_ledger
from recoupe.model import Conflict, Reading, Side, Status
from recoupe.publish.confidence import Confidence, called
from recoupe.trace import roots, trace
from synthetic import Fact, book, page_of, reading

DOCS = (Path(__file__).parents[1] / "docs" / "chains.md").read_text("utf-8")
JETS = {"recipient": "country:UA", "item": "mig-29"}
READINGS = (
    reading(
        "asked.txt",
        ["Jets", "Kyiv asked Bratislava for fighter jets on March 1."],
        [Fact("request", {"requester": "country:UA", "addressee": "country:SK", "item": "mig-29"},
              "Kyiv asked Bratislava for fighter jets", time="2023-03-01")],
        "2023-03-02",
        outlet="gazette",
    ),
    reading(
        "promised.txt",
        ["Jets", "Slovakia will send 13 jets to Ukraine, its government decided on Friday."],
        [Fact("pledge", {"donor": "country:SK", **JETS, "count": "13"}, "Slovakia will send 13 jets",
              time="2023-03-17")],
        "2023-03-18",
        outlet="courier",
    ),
    reading(
        "again.txt",
        ["More jets", "Slovakia pledges 13 jets for Ukraine, its leaders said at the summit in May."],
        [Fact("pledge", {"donor": "country:SK", **JETS, "count": "13"}, "Slovakia pledges 13 jets", time="2023-05-02")],
        "2023-05-02",
        outlet="east",
    ),
    reading(
        "sent.txt",
        ["Four jets", "Four of the jets have landed. A raid on Kyiv killed two."],
        [
            Fact("delivery", {"donor": "country:SK", **JETS, "count": "4"}, "Four of the jets have landed",
                 time="2023-06-10"),
            Fact("attack", {"attacker": "country:RU", "place": "place:kyiv", "killed": "2"},
                 "A raid on Kyiv killed two", time="2023-06-10"),
        ],
        "2023-06-11",
        outlet="reader",
    ),
    reading(
        "raid.txt",
        ["Night", "Another raid on Kyiv killed nine on Monday."],
        [Fact("attack", {"attacker": "country:RU", "place": "place:kyiv", "killed": "9"}, "raid on Kyiv killed nine",
              time="2023-06-12")],
        "2023-06-13",
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoupe.codebook.default_codebook", book)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("chains") / "my.db"
    with create_ledger(path) as ledger, ledger.batch() as batch:
        for made in READINGS:
            batch.add(page_of(made), made)
        found = batch.readings()
        origins = trace(found, book())
        batch.settle(origins, check(found, roots(found, origins, book()), book()))
    return str(path)


def run(*args: str) -> Result:
    return CliRunner().invoke(cli.app, list(args))


def ids(db: str) -> dict[str, str]:
    """The ids of entries, by their first report and kind."""
    with open_ledger(Path(db)) as ledger:
        return {f"{e.claims[0].partition('.')[0]} {e.kind}": e.id for e in ledger.entries()}


def documented(command: str) -> str:
    """What docs/chains.md shows of a command."""
    (block,) = re.findall(rf"```console\n\$ recoupe {command}[^\n]*\n(.*?)```", DOCS, re.DOTALL)
    return str(block)


# chain


def test_the_chain_that_is_documented(db: str) -> None:
    done = run("chain", db, ids(db)["promised pledge"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == documented("chain")


def test_any_step_of_a_chain_shows_all_of_it(db: str) -> None:
    names = ids(db)
    for name in ("asked request", "again pledge", "sent delivery"):
        lines = run("chain", db, names[name][:6]).stdout.splitlines()
        heads = [line for line in lines if line and not line.startswith(" ")]
        assert [head.split()[2] for head in heads] == [
            names[n] for n in ("asked request", "promised pledge", "again pledge", "sent delivery")
        ]
        assert [head for head in heads if "the entry asked for" in head] == [
            head for head in heads if names[name] in head
        ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("nobody", "nobody: no entry of that name in the ledger"),
        ("", "expected the name of a report or entry, found nothing"),
        (
            "sent attack",
            "the attack is no step of a chain; steps are: request, pledge, purchase, delivery, replacement",
        ),
    ],
)
def test_what_is_no_step_is_told_in_one_line(wanted: str, said: str, db: str) -> None:
    done = run("chain", db, ids(db).get(wanted, wanted))
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_step_alone_says_so(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    with create_ledger(path) as ledger, ledger.batch() as batch:
        batch.add(page_of(READINGS[0]), READINGS[0])
        batch.settle([], check([READINGS[0]], roots([READINGS[0]], [], book()), book()))
    done = run("chain", str(path), ids(str(path))["asked request"])
    assert done.stdout.endswith("no other entry of the ledger belongs to this one\n")


# balance


def test_the_balance_that_is_documented(db: str) -> None:
    assert run("balance", db, "--by", "donor").stdout == documented("balance")


def test_a_balance_of_what_is_picked(db: str) -> None:
    def lines(*args: str) -> list[list[str]]:
        done = run("balance", db, "--format", "csv", *args)
        assert (done.exit_code, done.stderr) == (0, "")
        return [line[1:6] for line in list(csv.reader(io.StringIO(done.stdout)))[1:]]

    promised = ["country:UA", "promised", "mig-29", "13", "13"]
    delivered = ["country:UA", "delivered", "mig-29", "4", "4"]
    assert promised in lines("--by", "recipient")
    assert lines("--by", "recipient", "--since", "2023-06") == [delivered]
    assert lines("--by", "recipient", "--until", "2023-04", "--who", "SK")[-1] == promised
    assert lines("--what", "fighter", "--since", "2023-06")[0][2:] == ["mig-29", "4", "4"]
    assert lines("--what", "tank") == []


def test_a_balance_as_json_and_of_nothing(db: str) -> None:
    (row,) = json.loads(run("balance", db, "--by", "item", "--format", "json", "--currency", "usd").stdout)
    assert row["item"] == ["mig-29"]
    assert [s["range"] for s in row["promised"]] == ["13"]
    assert run("balance", db, "--what", "tank").stdout == "nothing to count\n"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--by", "colour"), 2, "expected one of donor, recipient, item"),
        (("--since", "2024", "--until", "2023"), 2, "--since is after --until"),
        (("--since", "soon"), 2, "not a time: 'soon'"),
        (("--who", "atlantis"), 2, "no id of the ledger or the codebook begins with 'atlantis'"),
        (("--currency", "XXX"), 2, "no rates are known of 'XXX'"),
    ],
)
def test_a_balance_that_cannot_be_made(args: tuple[str, ...], code: int, said: str, db: str) -> None:
    done = run("balance", db, *args)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in " ".join(done.stderr.split())


# export entries


def test_claims_stand_as_people_have_reviewed_them(db: str, tmp_path: Path) -> None:
    mine = str(tmp_path / "my.db")
    Path(mine).write_bytes(Path(db).read_bytes())
    assert run("review", mine, "sent.txt#1", "--correct", "attribution=country:SK", "--by", "ana").exit_code == 0
    records = [json.loads(text) for text in run("export", "entries", mine, "--out", "-").stdout.splitlines()]
    (sent,) = (record for record in records if record["kind"] == "delivery")
    assert sent["claims"][0]["attribution"] == ["country:SK"]
    assert "the word of Slovakia" in sent["confidence"] or "country:SK" in sent["confidence"]
    assert sent["confidence"] in run("chain", mine, sent["id"]).stdout


def exported(db: str) -> list[dict[str, object]]:
    done = run("export", "entries", db, "--out", "-")
    assert (done.exit_code, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_keys_of_an_exported_entry_are_those_documented(db: str) -> None:
    told = re.findall(r"(?m)^\| ((?:`\w+`(?:, )?)+) \| ", DOCS.partition("## Entries for other programs")[2])
    keys = [key for cell in told for key in re.findall(r"`(\w+)`", cell)]
    for record in exported(db):
        assert list(record) == keys


def test_an_exported_entry_has_its_words_and_its_place_in_the_chain(db: str) -> None:
    names = ids(db)
    records = {str(record["id"]): record for record in exported(db)}
    assert list(records) == sorted(records) == sorted(names.values())
    sent = records[names["sent delivery"]]
    assert sent["roles"] == {"donor": ["country:SK"], "recipient": ["country:UA"], "item": ["mig-29"], "count": "4"}
    assert sent["claims"] == [
        {
            "doc": "sent.txt",
            "claim": "c1",
            "attribution": [],
            "evidence": [{"start": 10, "end": 38, "text": "Four of the jets have landed"}],
        }
    ]
    assert sent["origins"] == {"count": 1, "which": ["sent.txt"]}
    chain = sent["chain"]
    assert isinstance(chain, dict)
    assert (chain["id"], len(chain["steps"]), chain["open"]) == (names["asked request"], 4, [])
    assert chain["follows"]["entry"] == names["promised pledge"]
    assert chain["follows"]["points"] == sum(r["points"] for r in chain["follows"]["reasons"])
    pledge = records[names["promised pledge"]]["chain"]
    assert isinstance(pledge, dict)
    assert pledge["open"] == [{"unit": None, "of": "13", "left": "9"}]
    again = records[names["again pledge"]]["chain"]
    assert isinstance(again, dict)
    assert (again["again_of"], again["follows"]) == (names["promised pledge"], None)
    assert records[names["sent attack"]]["chain"] is None


def test_both_sides_of_a_conflict_have_their_reports_and_origins(tmp_path: Path) -> None:
    words = "A raid on Kyiv killed {}"
    raids = [
        reading(
            f"{n}.txt",
            ["Raid", f"{words.format(n)} people on Tuesday, it was said."],
            [Fact("attack", {"attacker": "country:RU", "place": "place:kyiv", "weapon": "missile", "killed": str(n)},
                  words.format(n), time="2024-01-02")],
            "2024-01-03",
        )
        for n in (5, 7)
    ]  # fmt: skip
    path = tmp_path / "raid.db"
    with create_ledger(path) as ledger, ledger.batch() as batch:
        for made in raids:
            batch.add(page_of(made), made)
        batch.settle([], check(raids, roots(raids, [], book()), book()))
    (record,) = exported(str(path))
    (conflict,) = record["conflicts"]  # type: ignore[misc, attr-defined]
    assert conflict["field"] == "killed"
    assert conflict["sides"] == [
        {"value": "5", "docs": ["5.txt"], "origins": ["5.txt"]},
        {"value": "7", "docs": ["7.txt"], "origins": ["7.txt"]},
    ]
    assert str(record["confidence"]).endswith("contested: killed (5 or 7)")


# Parts


def test_a_part_and_its_whole_are_counted_once(tmp_path: Path) -> None:
    def gave(amount: str, words: str) -> Fact:
        roles = {"donor": "org:eu", "recipient": "country:UA", "item": "military", "amount": amount}
        return Fact("delivery", roles, words)

    text = "The union gave 300 million euros more, which brings it to 2 billion, against 1.7 billion so far."
    made = reading("sums.txt", ["Sums", text], [
        gave("300e6 EUR", "300 million euros more"), gave("2e9 EUR", "brings it to 2 billion"),
        gave("1.7e9 EUR", "1.7 billion so far"),
    ], "2024-01-03")  # fmt: skip
    path = tmp_path / "sums.db"
    with create_ledger(path) as ledger, ledger.batch() as batch:
        batch.add(page_of(made), made)
        batch.settle([], check([made], roots([made], [], book()), book()))
    rows = list(csv.DictReader(io.StringIO(run("balance", str(path), "--format", "csv").stdout)))
    assert [(row["unit"], row["low"], row["high"]) for row in rows] == [("EUR", "2000000000", "2000000000")]
    records = {str(record["roles"]["amount"]): record for record in exported(str(path))}  # type: ignore[index]
    whole, part = records["2e9 EUR"], records["300e6 EUR"]
    assert part["chain"]["part_of"] == [whole["id"]]  # type: ignore[index]
    lines = run("chain", str(path), str(part["id"])).stdout.splitlines()
    assert any(line.startswith(f"  part         of the delivery {whole['id']}: ") for line in lines)


# A purchase that reports tell otherwise


@pytest.fixture(scope="module")
def contradicted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One order: of missiles for the buyers' stocks, as an agency has it; of systems for Ukraine, as a paper has."""
    bought = {
        "buyer": ["country:DE", "country:NL"], "agent": "org:nspa", "count": "<=1000", "amount": "~5.5e9 USD",
    }  # fmt: skip
    words = "the agency will help to buy {} worth 5.5 billion dollars"
    pages = [
        reading(
            doc,
            ["An order", f"On Wednesday {outlet} said that {words.format(what)}, and gave its reasons for that."],
            [Fact("purchase", {**bought, "item": item, **more}, words.format(what), time="2024-01-03")],
            "2024-01-03",
            outlet=outlet,
        )
        for doc, outlet, what, item, more in (
            ("wire.txt", "reuters", "missiles", "patriot-missile", {}),
            ("daily.txt", "gazette", "systems", "patriot", {"beneficiary": ["country:UA"]}),
            ("later.txt", "gazette", "systems", "patriot", {}),  # of the same newsroom: no word of its own
        )
    ]
    path = tmp_path_factory.mktemp("order") / "order.db"
    with create_ledger(path) as ledger, ledger.batch() as batch:
        for made in pages:
            batch.add(page_of(made), made)
        batch.settle([], check(pages, roots(pages, [], book()), book()))
    return str(path)


def test_both_contradictions_of_one_order_are_kept(contradicted: str) -> None:
    (record,) = exported(contradicted)
    assert record["origins"] == {"count": 2, "which": ["gazette", "reuters"]}
    sides = {c["field"]: [(s["value"], s["origins"]) for s in c["sides"]] for c in record["conflicts"]}  # type: ignore[attr-defined]
    assert sides == {
        "item": [("patriot", ["gazette"]), ("patriot-missile", ["reuters"])],
        "beneficiary": [("country:UA", ["gazette"]), ("buyer", ["reuters"])],
    }
    assert record["confidence"] == (
        "two independent origins: The Gazette, Reuters, told in three reports; in the reports' own words; "
        "contested: item (patriot or patriot-missile), beneficiary (country:UA or buyer)"
    )


def test_what_may_be_for_the_buyers_own_stock_may_be_no_aid(contradicted: str) -> None:
    done = run("balance", contradicted, "--by", "recipient", "--format", "csv")
    (line, money) = list(csv.DictReader(io.StringIO(done.stdout)))[::-1]
    assert (line["unit"], line["low"], line["high"], line["contested"]) == (
        "patriot+patriot-missile",
        "0",
        "1000",
        "yes",
    )
    assert (money["unit"], money["low"], money["contested"]) == ("USD", "0", "yes")


# Why it is one fact


def test_an_entry_says_why_its_claims_are_one_fact_and_what_came_near(contradicted: str, db: str) -> None:
    (record,) = exported(contradicted)
    lines = run("show", contradicted, str(record["id"]), "--why").stdout.splitlines()
    facts = [line for line in lines if line.startswith("  one fact")]
    assert len(facts) == 2  # one less than claims
    (fact,) = (line for line in facts if "wire.txt#1" in line)
    assert "the same day (+" in fact
    assert "item (-" in fact
    points = [int(number) for number in re.findall(r"\(([+-]\d+)\)", fact)]
    assert f": {sum(points)} points, about " in fact
    names = ids(db)
    alone = run("show", db, names["promised pledge"], "--why").stdout
    assert "one fact     one claim tells it, and no other was joined to it" in alone
    raid = run("show", db, names["sent attack"], "--why").stdout
    (near,) = (line for line in raid.splitlines() if line.startswith("  another"))
    assert f"{names['raid attack']} (sent.txt#2 and raid.txt#1): different times" in near
    assert "one fact" not in run("show", db, names["promised pledge"]).stdout


# How sure an entry is


def told(name: str, attribution: tuple[str, ...] = (), status: Status = "done") -> Reading:
    fact = Fact("attack", {"attacker": "country:RU", "place": "place:kyiv"}, "Missiles fell on Kyiv", status=status)
    made = reading(name, ["Raid", "Missiles fell on Kyiv."], [fact])
    return replace(made, claims=(replace(made.claims[0], attribution=attribution),))


def words(made: list[Reading], *origins: str, status: Status = "done", conflicts: tuple[Conflict, ...] = ()) -> str:
    docs = [one.report.doc for one in made]
    fact = entry("attack", "raid", docs=docs, origins=origins, status=status, attacker="country:RU")
    return Confidence(book()).of(replace(fact, conflicts=conflicts), {one.report.doc: one for one in made})


@pytest.mark.parametrize(
    ("made", "origins", "said"),
    [
        ([told("a")], ["afp"], "one origin: Agence France-Presse; in the report's own words"),
        (
            [told("a"), told("b"), told("c")],
            ["afp", "reuters"],
            "two independent origins: Agence France-Presse, Reuters, told in three reports; in the reports' own words",
        ),
        (
            [told("a", ("country:UA",))],
            ["country:UA"],
            "one origin: the word of Ukraine",
        ),
        (
            [told("a", ("country:RU",)), told("b", ("country:RU",))],
            ["country:RU"],
            "one origin: the word of Russia, told in two reports; told by nobody but a party to it",
        ),
        (
            [told("a"), told("b", ("org:defence-ministry",)), told("c")],
            ["afp", "b"],
            "two independent origins: Agence France-Presse, b, told in three reports; "
            "one of three reports gives it to defence ministry",
        ),
        (
            [told("a", ("unnamed:two officials",))],
            ["afp"],
            "one origin: Agence France-Presse; the report gives it to a source without a name (“two officials”)",
        ),
        (
            [told(f"{n}") for n in range(6)],
            [f"{n}" for n in range(6)],
            "six independent origins: 0, 1, 2, three more; in the reports' own words",
        ),
    ],
)
def test_how_sure_an_entry_is_is_said_in_words(made: list[Reading], origins: list[str], said: str) -> None:
    assert words(made, *origins) == said


def test_status_and_conflicts_are_part_of_it() -> None:
    assert words([told("a", status="planned")], "a", status="planned").endswith("; announced, not yet done")
    assert words([told("a", status="denied")], "a", status="denied").endswith("; said not to be so")
    assert words([told("a"), told("b", status="possible")], "a", "b").endswith("; in one report told as but possible")
    sides = Conflict("injured", (Side("92", ("a#1",)), Side(">=130", ("b#1",))))
    said = words([told("a"), told("b")], "a", "b", conflicts=(sides,))
    assert said.endswith("; contested: injured (92 or at least 130)")


def test_what_people_call_an_origin() -> None:
    assert called("country:UA", book()) == "Ukraine"
    assert called("afp", book()) == "Agence France-Presse"
    assert called("org:verkhovna-rada", book()) == "Verkhovna Rada"
    assert called("person:jane-doe", book()) == "jane doe"
    assert called("some-page.txt", book()) == "some-page.txt"
