"""Reviewing in the browser: every action by its form and as JSON, who may, two at once, and what became of an entry."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from recoupe import pipeline
from recoupe.codebook import default_codebook
from recoupe.desk import giving, speaker
from recoupe.errors import LedgerError
from recoupe.ledger import create_ledger, open_ledger
from recoupe.model import Entry
from recoupe.settle import Settling, facts, sites, texts
from recoupe.web import Options, create_app
from recoupe.web.pages import reviews
from recoupe.web.shelf import Shelf
from recoupe.web.wording import Wording
from stores import any_server
from synthetic import Fact, page_of, reading

BOOK = default_codebook()
STRIKE = "Missiles fell on {} and killed {} dockers"
TOLD = {
    "one.txt": [("Kyiv", 5)],
    "two.txt": [("Kyiv", 7), ("Dnipro", 3)],
    "six.txt": [("Kyiv", 5)],
    "odd.txt": [("Lviv", 2)],
}
NAME, HOST = "Ana <b>", "http://127.0.0.1"


def told(doc: str, facts_: list[tuple[str, int]]) -> Any:
    lines = [STRIKE.format(place, killed) for place, killed in facts_]
    made = [
        Fact(
            "attack",
            {"attacker": ["country:RU"], "place": [f"place:{place.lower()}"], "weapon": ["missile"], "killed": str(n)},
            line,
            time="2024-01-02",
        )
        for line, (place, n) in zip(lines, facts_, strict=True)
    ]
    return reading(doc, [f"Night of {doc}", *(f"{line}." for line in lines)], made, "2024-01-03")


def fill(where: str, pages: Mapping[str, list[tuple[str, int]]] = TOLD) -> None:
    """A ledger of reports as they were read, settled."""
    with create_ledger(where) as ledger:
        made = pipeline.made_with(BOOK)
        with ledger.batch(made) as batch:
            for doc, facts_ in pages.items():
                one = told(doc, facts_)
                batch.add(page_of(one), one)
        number = pipeline.number_of(made)
        with ledger.batch(made) as batch:
            sites(Settling(batch, BOOK, number))
            texts(Settling(batch, BOOK, number))
            facts(Settling(batch, BOOK, number))


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with any_server() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "a.db")
    return str(request.getfixturevalue("server").emptied())


class Desk:
    """A browser at a desk."""

    def __init__(self, where: str, **options: Any) -> None:
        self.where = where
        self.options = Options(where, **options)
        self.shelf = Shelf(open_ledger(where), BOOK)
        self.client = TestClient(create_app(self.options, self.shelf), HOST, follow_redirects=False)

    def signed(self, name: str = NAME, **more: str) -> Desk:
        assert self.client.post("/login", data={"name": name, **more}).status_code == 303
        return self

    def entry(self, *places: str) -> Entry:
        """The only entry in whose places this is; with its claims sorted by report."""
        found = [e for e in self.entries() if set(places) <= {v for r, vs in e.roles if r == "place" for v in vs}]
        assert len(found) == 1
        return found[0]

    def entries(self) -> list[Entry]:
        with open_ledger(self.where) as ledger:
            return list(ledger.entries())

    def page(self, entry: Entry | str, **asked: str) -> str:
        response = self.client.get(f"/entry/{entry if isinstance(entry, str) else entry.id}", params=asked)
        assert response.status_code == 200, response.text
        return str(response.text)

    def send(self, entry: Entry | str, action: str, **data: Any) -> Response:
        id_ = entry if isinstance(entry, str) else entry.id
        page = self.client.get(f"/entry/{id_}").text
        token = found[1] if (found := re.search(r'name="token" value="(\w+)"', page)) else ""
        seen = found[1] if (found := re.search(r'name="seen" value="(\w+)"', page)) else ""
        sent: Response = self.client.post(
            f"/entry/{id_}/reviews", data={"token": token, "seen": seen, "action": action, **data}
        )
        return sent

    def did(self, entry: Entry | str, action: str, **data: Any) -> str:
        """The page that one comes to after a review."""
        response = self.send(entry, action, **data)
        assert response.status_code == 303, response.text
        response = self.client.get(response.headers["location"])
        assert response.status_code == 200
        return str(response.text)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def at(where: str) -> Iterator[Desk]:
    fill(where)
    made = Desk(where)
    yield made
    made.shelf.close()


def values(entry: Entry, role: str) -> tuple[str, ...]:
    return dict(entry.roles).get(role, ())


def test_accept(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    page = at.did(entry, "accept", why="I was there")
    assert "Ana <b> accepted 3 claims — I was there" in text_of(page)
    review = at.entry("place:kyiv").review
    assert review is not None
    assert review.by == (NAME,)
    assert len(review.claims) == 3
    assert "<b> accepted" not in page


def test_reject_some_and_take_it_back_where_they_no_longer_are(at: Desk) -> None:
    at.signed()
    lviv = at.entry("place:lviv")
    page = at.did(lviv, "reject", claims=lviv.claims[0], choose="1")
    assert "This entry no longer stands" in text_of(page)
    assert "in no entry any more" in page
    assert lviv.id not in {e.id for e in at.entries()}
    page = at.did(lviv.id, "undo", undoes=re.findall(r'id="review-(\w+)"', page)[0])
    assert "Ana <b> took back their own rejection of 1 claim" in text_of(page)
    assert at.entry("place:lviv").id == lviv.id
    assert "taken back" in at.page(lviv)


def undo_of(page: str) -> list[str]:
    """The reviews that a page has buttons for to take back."""
    return re.findall(r'name="undoes" value="(\w+)"', page)


@pytest.mark.parametrize("doc", ["one.txt", "six.txt", "two.txt"])
def test_a_rejected_claim_is_told_where_it_stood_and_can_be_taken_back_there(at: Desk, doc: str) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    wrong = next(ref for ref in entry.claims if ref.startswith(doc))
    page = at.did(entry, "reject", claims=wrong, choose="1", why="not there")
    now = at.entry("place:kyiv")
    assert wrong not in now.claims
    banner, rest = page.split("<article>")
    given = at.shelf.ledger.reviews()[0].id
    assert "Ana <b> rejected 1 claim — not there" in text_of(banner)
    assert undo_of(banner) == [given]
    actions, listed = rest.split('id="reviews"')
    assert re.search(rf'value="{given}"><button data-key="u"', actions)
    assert undo_of(listed) == [given]
    assert f'id="review-{given}"' in at.page(now)
    assert [r["id"] for r in at.client.get(f"/api/entry/{now.id}/reviews").json()] == [given]
    page = at.did(now, "undo", undoes=given)
    assert sorted(at.entry("place:kyiv").claims) == sorted(entry.claims)
    assert "taken back" in page.split('id="reviews"')[1]


def test_correct_a_field_of_one_claim(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    two = next(ref for ref in entry.claims if ref.startswith("two.txt"))
    form = at.page(entry, claim=two)
    assert 'name="f.killed" value="7"' in form
    assert 'name="f.place" value="place:kyiv"' in form
    page = at.did(entry, "correct", claims=two, **{"f.killed": "5", "f.place": "place:kyiv", "f.time": "2024-01-02"})
    assert "corrected 1 claim: killed: 7 → 5" in text_of(page)
    assert values(at.entry("place:kyiv"), "killed") == ("5",)
    assert not at.entry("place:kyiv").conflicts


def test_correct_by_a_name_and_empty_a_field(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:lviv")
    at.did(entry, "correct", **{"f.attacker": "Germany", "f.weapon": "", "f.time": "2024-01"})
    now = at.entry("place:lviv")
    assert (values(now, "attacker"), values(now, "weapon"), now.time) == (("country:DE",), (), "2024-01")


def test_what_reports_tell_differently_is_no_field_for_all(at: Desk) -> None:
    form = at.signed().page(at.entry("place:kyiv"))
    assert 'name="f.killed"' not in form
    assert "the reports differ: name the claim" in form
    fields = {"action": "correct", "fields": {"killed": "5"}, "by": "x"}
    refused = at.client.post(f"/api/entry/{at.entry('place:kyiv').id}/reviews", json=fields)
    assert refused.status_code == 422
    assert "the reports differ" in refused.json()["detail"]


def test_a_mistake_is_told_and_what_was_typed_stays(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:lviv")
    response = at.send(entry, "correct", why="the mayor said so", **{"f.killed": "many", "f.weapon": "missile"})
    assert response.status_code == 422
    assert 'name="f.killed" value="many"' in response.text
    assert 'value="the mayor said so"' in response.text
    assert "killed" in text_of(re.findall(r'(?s)role="alert">.*?</div>', response.text)[0])
    for action, data, words in (
        ("correct", {"f.killed": "2"}, "No field was changed."),
        ("reject", {"choose": "1"}, "Choose at least one claim."),
        ("merge", {"other": " "}, "Name the other entry."),
        ("merge", {"other": "0000000000"}, "There is no entry of that name: 0000000000"),
        ("note", {"why": "  "}, "A note needs words."),
        ("undo", {}, "You have said nothing of it that could be taken back."),
        ("reject", {"claims": "two.txt#1"}, "two.txt#1 is not in this entry"),
    ):
        response = at.send(entry, action, **data)
        assert response.status_code == 422
        assert words in text_of(response.text)
    assert at.shelf.ledger.reviews() == []
    assert at.send(entry, "dance").status_code == 422


def fields_of(page: str) -> dict[str, str]:
    """What the form of a correction would send as it is shown."""
    form = re.findall(r'(?s)<details name="review" id="correct".*?</form>', page)[0]
    inputs = [unescape(one) for one in re.findall(r"<input[^>]+>", form)]
    pairs = [(re.findall(r'name="([^"]*)"', one), re.findall(r'value="([^"]*)"', one)) for one in inputs]
    areas = re.findall(r'(?s)<textarea[^>]+name="([^"]*)"[^>]*>(.*?)</textarea>', form)
    chosen = re.findall(r'(?s)<select[^>]+name="([^"]*)".*?<option value="([^"]*)" selected', form)
    return {name[0]: value[0] for name, value in pairs if name} | {name: unescape(v) for name, v in (*areas, *chosen)}


def test_a_mistake_in_the_correction_of_one_claim_stays_with_that_claim(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    two = next(ref for ref in entry.claims if ref.startswith("two.txt"))
    sent = fields_of(at.page(entry, claim=two))
    address = f"/entry/{entry.id}/reviews"
    refused = at.client.post(address, data=sent | {"f.killed": "about 91\n8", "f.weapon": "", "why": "so I hear"})
    assert refused.status_code == 422
    again = fields_of(refused.text)
    assert (again["claims"], again["f.weapon"], again["why"]) == (two, "", "so I hear")
    assert again["f.killed"].split("\n") == ["about 91", "8"]
    assert at.client.post(address, data=again | {"f.killed": "8"}).status_code == 303
    changed = at.shelf.ledger.reviews()[0].claims
    assert [(t.doc, sorted(name for name, _ in t.fields)) for t in changed] == [("two.txt", ["killed", "weapon"])]


def test_what_was_typed_of_one_claim_is_never_for_all(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    two = next(ref for ref in entry.claims if ref.startswith("two.txt"))
    sent = fields_of(at.page(entry, claim=two)) | {"f.weapon": "drone"}
    at.did(entry, "split", claims=two, choose="1")
    rest = next(e for e in at.entries() if "place:kyiv" in values(e, "place") and two not in e.claims)
    refused = at.client.post(f"/entry/{rest.id}/reviews", data=sent)
    assert refused.status_code in (409, 422)
    again = fields_of(refused.text)
    assert "claims" not in again
    assert again["f.weapon"] == "missile"
    assert at.client.post(f"/entry/{rest.id}/reviews", data=again).status_code == 422  # it changes nothing


def test_a_field_left_as_it_was_shown_is_no_change(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    sent = fields_of(at.page(entry)) | {"f.time": "2024-01"}
    Desk(at.where).signed("Ben").did(entry, "correct", **{"f.weapon": "drone"})
    refused = at.client.post(f"/entry/{entry.id}/reviews", data=sent)
    assert refused.status_code == 409
    again = fields_of(refused.text)
    assert (again["f.time"], again["f.weapon"]) == ("2024-01", "drone")
    assert at.client.post(f"/entry/{entry.id}/reviews", data=again).status_code == 303
    assert (at.entry("place:kyiv").time, values(at.entry("place:kyiv"), "weapon")) == ("2024-01", ("drone",))


def test_links_of_a_form_that_was_refused_lead_to_pages(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    two = next(ref for ref in entry.claims if ref.startswith("two.txt"))
    kept = {"in": "kind=attack", "at": "1"}
    refused = at.send(entry, "correct", claims=two, **{"f.killed": "many"}, **kept)
    assert refused.status_code == 422
    links = [unescape(link) for link in re.findall(r'href="(/[^"]*)"', refused.text)]
    own = [link for link in links if urlsplit(link).path.startswith(f"/entry/{entry.id}")]
    assert len(own) > 5
    assert [link for link in own if "/reviews" in link] == []
    assert {at.client.get(link.partition("#")[0]).status_code for link in links} == {200}
    french = next(link for link in own if "lang=fr" in link)
    assert parse_qs(urlsplit(french).query) == {"in": ["kind=attack"], "at": ["1"], "claim": [two], "lang": ["fr"]}
    assert fields_of(refused.text)["in"] == "kind=attack"
    assert 'class="beside"' in refused.text
    reload = at.client.get(f"/entry/{entry.id}/reviews?lang=fr")
    assert (reload.status_code, reload.headers["location"]) == (307, f"/entry/{entry.id}?lang=fr")


def test_split_and_merge(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    two = next(ref for ref in entry.claims if ref.startswith("two.txt"))
    at.did(entry, "split", claims=two, choose="1")
    apart = [e for e in at.entries() if "place:kyiv" in values(e, "place")]
    assert sorted(len(e.claims) for e in apart) == [1, 2]
    one, other = apart
    page = at.did(one, "merge", other=f"{HOST}/entry/{other.id}?in=&at=2")
    assert "put" in text_of(page)
    assert sorted(at.entry("place:kyiv").claims) == sorted(entry.claims)


def test_a_note_and_undo_of_the_last(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:kyiv")
    at.did(entry, "note", why="See <the> archive")
    page = at.did(entry, "accept")
    assert f"{NAME}: See <the> archive" in text_of(page)
    assert "<the>" not in page
    assert 'data-key="u"' in page
    at.did(entry, "undo")
    review = at.entry("place:kyiv").review
    assert review is not None
    assert (review.claims, review.notes) == ((), (f"{NAME}: See <the> archive",))


KEYED = r'name="undoes" value="(\w+)">\s*(?:<input[^>]*>)*<button[^>]*data-key="u"'


def test_what_others_say_is_taken_back_only_where_it_is_told(at: Desk) -> None:
    claire, bob = Desk(at.where).signed("Claire"), at.signed("Bob")
    entry = at.entry("place:kyiv")
    claire.did(entry, "accept")
    given = at.shelf.ledger.reviews()[0].id
    assert re.findall(KEYED, claire.page(entry)) == [given]
    page = bob.page(entry)
    assert re.findall(KEYED, page) == []
    assert undo_of(page) == [given]  # at the review itself
    refused = bob.send(entry, "undo")
    assert refused.status_code == 422
    assert "You have said nothing of it that could be taken back." in refused.text
    bob.did(entry, "note", why="hm")
    claire.did(entry, "note", why="well")
    mine = at.shelf.ledger.reviews()[1]
    assert re.findall(KEYED, bob.page(entry)) == [mine.id]
    assert "Bob took back their own note" in text_of(bob.did(entry, "undo"))
    response = bob.send(entry, "undo", undoes=given)
    for lang, words in (
        ("en", "Bob took back Claire's acceptance of 3 claims"),
        ("fr", "Bob a annulé l'acceptation de 3 affirmations par Claire"),
    ):
        page = bob.client.get(response.headers["location"] + f"&lang={lang}").text
        assert words in text_of(re.findall(r'(?s)role="status">.*?</div>', page)[0])
    assert [r["took"] for r in at.client.get(f"/api/entry/{entry.id}/reviews").json() if r["undoes"] == given] == [
        {"action": "accept", "by": "Claire", "claims": 3}
    ]


def test_the_key_takes_back_what_made_an_entry_go(at: Desk) -> None:
    at.signed()
    lviv = at.entry("place:lviv")
    page = at.did(lviv, "reject", claims=lviv.claims[0], choose="1")
    given = at.shelf.ledger.reviews()[0].id
    assert re.findall(KEYED, page.split("<article>")[0]) == [given]
    assert set(re.findall(KEYED, at.page(lviv))) == {given}  # in the list, when the banner is there no more
    assert re.findall(KEYED, Desk(at.where).signed("Ben").page(lviv)) == []
    at.did(lviv.id, "undo")
    assert at.entry("place:lviv").id == lviv.id


def test_who_may_not(at: Desk) -> None:
    entry = at.entry("place:kyiv")
    page = at.page(entry, **{"in": "kind=attack", "at": "1"})
    assert 'action="/entry/' not in page
    to = re.findall(r'href="/login\?to=([^"]+)"', page)[0]
    login = at.client.get(unescape(f"/login?to={to}")).text
    back = unescape(re.findall(r'name="to" value="([^"]+)"', login)[0])
    assert parse_qs(urlsplit(back).query) == {"in": ["kind=attack"], "at": ["1"]}
    assert at.send(entry, "accept").status_code == 403
    at.signed()
    assert at.client.post(f"/entry/{entry.id}/reviews", data={"action": "accept"}).status_code == 403
    response = at.client.post(
        f"/entry/{entry.id}/reviews", data={"action": "accept"}, headers={"origin": "https://evil.example"}
    )
    assert response.status_code == 403
    assert at.shelf.ledger.reviews() == []


def test_a_desk_to_read_only(where: str) -> None:
    fill(where)
    at = Desk(where, read_only=True)
    entry = at.entry("place:kyiv")
    page = at.page(entry)
    assert 'data-key="a"' not in page
    assert "/login" not in page
    assert at.client.get("/login").status_code == 403
    assert at.client.post(f"/api/entry/{entry.id}/reviews", json={"action": "accept", "by": "x"}).status_code == 403


def test_two_at_once_the_second_is_told_and_loses_nothing(at: Desk) -> None:
    at.signed()
    other = Desk(at.where).signed("Ben")
    entry = at.entry("place:kyiv")
    old = other.page(entry)
    at.did(entry, "note", why="mine")
    token, seen = (re.findall(rf'name="{name}" value="(\w+)"', old)[0] for name in ("token", "seen"))
    data = {"token": token, "seen": seen, "action": "note", "why": "what Ben has typed"}
    response = other.client.post(f"/entry/{entry.id}/reviews", data=data)
    assert response.status_code == 409
    assert "has changed since you opened it" in response.text
    assert "what Ben has typed</textarea>" in response.text
    assert [r.why for r in at.shelf.ledger.reviews()] == ["mine"]
    other.did(entry, "note", why="what Ben has typed")
    assert [r.by for r in at.shelf.ledger.reviews()] == [NAME, "Ben"]


def test_what_somebody_says_while_another_does_is_checked_before_it_is_kept(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one's review comes between the page that is sent and the moment at which nobody else can write."""
    at.signed()
    entry = at.entry("place:kyiv")
    page = at.page(entry)
    plain = create_ledger

    def meanwhile(where: str, **options: Any) -> Any:
        monkeypatch.setattr(giving, "create_ledger", plain)
        Desk(at.where).signed("Ben").did(entry, "note", why="first")
        return plain(where, **options)

    monkeypatch.setattr(giving, "create_ledger", meanwhile)
    token, seen = (re.findall(rf'name="{name}" value="(\w+)"', page)[0] for name in ("token", "seen"))
    data = {"token": token, "seen": seen, "action": "accept"}
    assert at.client.post(f"/entry/{entry.id}/reviews", data=data).status_code == 409
    assert [r.why for r in at.shelf.ledger.reviews()] == ["first"]


def test_a_locked_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = str(tmp_path / "a.db")
    fill(where)
    at = Desk(where).signed()
    entry = at.entry("place:kyiv")
    monkeypatch.setattr(giving, "WAITS", 1)
    with sqlite3.connect(where, isolation_level=None) as busy:
        busy.execute("BEGIN IMMEDIATE")
        response = at.send(entry, "note", why="typed in vain?")
        busy.execute("ROLLBACK")
    assert response.status_code == 503
    assert "could not be written" in response.text
    assert "another process has been writing to it for 1 s" in response.text
    assert "typed in vain?</textarea>" in response.text


def test_a_ledger_that_may_only_be_read(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Any:
        raise LedgerError("a.db: it may only be read")

    monkeypatch.setattr(giving, "create_ledger", refuse)
    response = at.signed().send(at.entry("place:kyiv"), "accept")
    assert response.status_code == 503
    assert "it may only be read" in response.text


def test_reviews_as_json(at: Desk) -> None:
    entry = at.entry("place:lviv")
    address = f"/api/entry/{entry.id}/reviews"
    send = at.client.post
    assert send(address, json={"action": "accept"}).status_code == 422  # nobody says who
    assert (
        send(address, content='{"action":"accept","by":"x"}', headers={"content-type": "text/plain"}).status_code == 422
    )
    foreign = {"origin": "https://evil.example"}
    assert send(address, json={"action": "accept", "by": "x"}, headers=foreign).status_code == 403
    seen = at.client.get(f"/api/entry/{entry.id}").json()["seen"]
    body = {"action": "correct", "fields": {"killed": ["4"], "weapon": []}, "by": " Bot  7 ", "seen": seen}
    given = send(address, json=body)
    assert given.status_code == 201
    assert (given.json()["by"], given.json()["entries"]) == ("Bot 7", [entry.id])
    assert values(at.entry("place:lviv"), "killed") == ("4",)
    again = send(address, json=body)
    assert again.status_code == 409
    assert "has changed" in again.json()["detail"]
    listed = at.client.get(address).json()
    assert [r["id"] for r in listed] == [given.json()["id"]]
    assert listed[0]["changed"][0] == {"field": "weapon", "type": "item", "was": ["missile"], "now": []}
    assert send(address, json={"action": "undo", "by": "x"}).status_code == 422  # it is another's
    assert send(address, json={"action": "undo", "by": "Bot 7"}).json()["entries"] == [entry.id]
    assert values(at.entry("place:lviv"), "killed") == ("2",)
    assert send("/api/entry/0000000000/reviews", json={"action": "undo", "by": "x"}).status_code == 404


def test_json_needs_the_token_of_a_desk_that_has_one(where: str) -> None:
    fill(where)
    at = Desk(where, token="open sesame")
    entry = at.entry("place:lviv")
    address, body = f"/api/entry/{entry.id}/reviews", {"action": "note", "why": "hm", "by": "Bot"}
    assert at.client.post(address, json=body).status_code == 401
    wrong = {"authorization": "Bearer sesame"}
    assert at.client.post(address, json=body, headers=wrong).status_code == 401
    assert at.client.post(address, json=body, headers={"authorization": "Bearer open sesame"}).status_code == 201
    at.signed("Ana", desk="open sesame")
    assert at.client.post(address, json=body).json()["by"] == "Ana"


def test_on_through_the_list(at: Desk) -> None:
    at.signed()
    ledger = at.client.get("/", params={"kind": "attack", "review": "none"}).text
    links = [unescape(link) for link in re.findall(r'href="(/entry/[^"]+)"', ledger)]
    assert len(links) == 3
    first = at.client.get(links[0]).text
    assert "1 of 3" in text_of(first)
    assert 'data-key="k"' not in first
    follow = unescape(re.findall(r'rel="next" href="([^"]+)"', first)[0])
    assert follow == links[1]
    ids = [urlsplit(link).path.rpartition("/")[2] for link in links]
    kept = {name: value[0] for name, value in parse_qs(urlsplit(links[1]).query).items()}
    page = at.did(ids[1], "accept", **kept)  # it is in the list of what is not reviewed no more
    assert [
        urlsplit(unescape(link)).path.rpartition("/")[2] for link in re.findall(r'rel="\w+" href="(/entry[^"]+)"', page)
    ] == [ids[0], ids[2]]


def test_what_became_of_an_entry(at: Desk) -> None:
    at.signed()
    entry = at.entry("place:lviv")
    at.did(entry, "correct", **{"f.killed": "4"})
    page = text_of(at.page(entry))
    history = page[page.index("History") :]
    assert "came into the ledger" in history
    assert "killed: 2 → 4" in history
    steps = at.client.get(f"/api/entry/{entry.id}").json()["history"]
    assert [s["what"] for s in steps] == ["changed", "came"]
    assert steps[1]["reports"] == ["odd.txt"]


def test_in_french(at: Desk) -> None:
    at.signed("Zoé")
    at.client.headers["accept-language"] = "fr"
    entry = at.entry("place:lviv")
    page = text_of(at.did(entry, "correct", **{"f.killed": "4"}))
    assert "Zoé a corrigé 1 affirmation" in page
    assert "2 → 4" in page
    assert "entré au registre" in page


def test_what_cannot_be_said_has_words_in_every_language() -> None:
    trees = [ast.parse(Path(module.__file__ or "").read_text("utf-8")) for module in (speaker, reviews)]
    calls = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call) and len(n.args) == 2]
    raised = [n.args[1] for n in calls if isinstance(n.func, ast.Name) and n.func.id == "ReviewError"]
    keys = {str(key.value) for key in raised if isinstance(key, ast.Constant)}
    assert len(keys) > 12
    for key in keys:
        told: dict[str, Any] = {"claim": "a#1", "field": "killed", "id": "ab"}
        english, french = (Wording.of(locale, BOOK).t(f"cannot.{key}", **told) for locale in ("en_GB", "fr_FR"))
        assert english != french
