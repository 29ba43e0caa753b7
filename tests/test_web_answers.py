"""Answers that the desk keeps."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.responses import RedirectResponse, Response, StreamingResponse

from desk import client_of, fill, hostile_readings
from recoupe.codebook import Codebook
from recoupe.web.answers import Answers


def test_the_one_asked_for_longest_ago_makes_room() -> None:
    answers = Answers(room=10)
    for tag in "ab":
        answers.keep(tag, Response(tag * 4, headers={"x-tag": tag}))
    assert answers.get("a") is not None
    answers.keep("c", Response("cccc"))
    assert answers.get("b") is None
    found = answers.get("a")
    assert found is not None
    assert (found.body, found.headers["x-tag"]) == (b"aaaa", "a")


def test_what_is_put_on_a_kept_answer_stays_on_that_one() -> None:
    answers = Answers()
    answers.keep("a", Response("a"))
    first, second = answers.get("a"), answers.get("a")
    assert first is not None
    assert second is not None
    first.headers["x-only"] = "first"
    assert "x-only" not in second.headers
    assert "x-only" not in (answers.get("a") or second).headers


def test_only_whole_good_answers_of_a_common_size_are_kept() -> None:
    answers = Answers(room=2**24)
    for tag, answer in {
        "none": Response("", 404), "elsewhere": RedirectResponse("/x"), "bits": StreamingResponse(iter(["x"])),
        "large": Response("x" * (2**20 + 1)),
    }.items():  # fmt: skip
        answers.keep(tag, answer)
        assert answers.get(tag) is None, tag


def test_a_page_is_made_once_for_all_who_would_see_the_same(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "kept.db"
    fill(path, hostile_readings()[:4], codebook)
    with client_of(path) as client:
        app = client.app
        assert isinstance(app, FastAPI)
        first = client.get("/")
        made = app.state.answers
        assert made.get(first.headers["etag"]) is not None
        again = client.get("/")
        assert (again.content, again.headers) == (first.content, first.headers)
        assert client.get("/", headers={"accept-language": "fr"}).content != first.content
        assert client.get("/?lang=fr").headers["set-cookie"].startswith("lang=fr")
        assert client.get("/?lang=fr").headers["set-cookie"].startswith("lang=fr")
        fill(path, hostile_readings()[4:6], codebook)
        client.cookies.clear()
        assert client.get("/").content != first.content


def test_a_page_of_one_who_is_signed_in_is_nobody_elses(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "kept.db"
    fill(path, hostile_readings()[:4], codebook)
    with client_of(path) as client:
        client.post("/login", data={"name": "Ann"})
        own = client.get("/").text
        assert "Ann" in own
        client.cookies.clear()
        client.post("/login", data={"name": "Ann"})
        assert client.get("/").text != own  # the tokens of forms are the session's
        client.cookies.clear()
        assert "Ann" not in client.get("/").text
