"""Answers that the desk keeps."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import RedirectResponse, Response, StreamingResponse

from desk import client_of, fill, hostile_readings
from recoupe.codebook import Codebook
from recoupe.web.answers import Answers
from recoupe.web.lanes import Lanes


def test_the_one_asked_for_longest_ago_makes_room() -> None:
    answers = Answers(room=4000)
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


def test_who_comes_first_has_a_lane_first_and_gives_it_up_when_it_takes_too_long() -> None:
    told: list[str] = []

    async def work(lanes: Lanes, name: str, *steps: asyncio.Event) -> None:
        async with lanes.lane():
            told.append(name)
            for step in steps:
                await step.wait()

    async def main() -> None:
        lanes, go = Lanes(many=1, longest=60), asyncio.Event()
        waiting = [asyncio.create_task(work(lanes, name, go)) for name in "abc"]
        await asyncio.sleep(0.01)
        assert told == ["a"]
        go.set()
        await asyncio.gather(*waiting)
        assert told == ["a", "b", "c"]
        told.clear()
        lanes, never = Lanes(many=1, longest=0.01), asyncio.Event()
        slow = [asyncio.create_task(work(lanes, name, never)) for name in "abc"]
        while told != ["a", "b", "c"]:
            await asyncio.sleep(0.01)
        never.set()
        await asyncio.gather(*slow)
        held = lanes.lane()
        await held.__aenter__()  # a lane that was left is free once, not twice
        async with asyncio.timeout(5):
            await asyncio.sleep(0.05)
            async with lanes.lane():
                assert lanes._free.locked()

    asyncio.run(main())
