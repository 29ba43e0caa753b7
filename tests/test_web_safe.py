"""What the desk refuses and how it fails: other hosts, other sites' forms, too much at once, a ledger that is gone."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from desk import app_of, asked, client_of, fill, hostile_readings
from recoupe.codebook import Codebook
from recoupe.web.guard import HEADERS, MOST_ASKED, MOST_SENT
from recoupe.web.options import Options
from recoupe.web.pages import ROUTERS, sessions
from recoupe.web.signing import Session, cookie_name, opened, sealed
from stores import Server

FORM = {"content-type": "application/x-www-form-urlencoded"}
ANYWHERE = {"host": "0.0.0.0", "token": "the token", "hosts": ("desk.example",)}


@pytest.fixture(scope="module")
def filled(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger file."""
    path = tmp_path_factory.mktemp("safe") / "kept.db"
    fill(path, hostile_readings()[:4], codebook)
    return path


@pytest.fixture(scope="module")
def app(filled: Path) -> FastAPI:
    return app_of(filled)


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A ledger file that the test may break."""
    path = tmp_path / "secret-place" / "own.db"
    path.parent.mkdir()
    shutil.copy(filled, path)
    return path


@pytest.fixture
def client(filled: Path) -> Iterator[TestClient]:
    with client_of(filled) as made:
        yield made


@pytest.fixture(autouse=True)
def _nobody_guessed() -> Iterator[None]:
    sessions._wrong.clear()
    yield
    sessions._wrong.clear()


def an_entry(client: TestClient) -> str:
    """The id of an entry."""
    return str(client.get("/api/entries").json()["rows"][0]["id"])


# Headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("GET", "/api/entries"), ("GET", "/nothing"), ("GET", "/api/nothing"), ("GET", "/?page=x"),
        ("GET", "/static/desk.css"), ("GET", "/static/none.css"), ("GET", "/export/csv"), ("GET", "/export/exe"),
        ("POST", "/"), ("POST", "/login"), ("POST", "/logout"), ("HEAD", "/"), ("OPTIONS", "/"), ("TRACE", "/"),
        ("GET", f"/?q={'x' * MOST_ASKED}"), ("GET", "/entry/0"), ("GET", "/api/openapi.json"), ("GET", "/login"),
    ],
)  # fmt: skip
def test_every_answer_has_the_headers(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers.get("cache-control")
    assert "server" not in answer.headers
    assert answer.status_code < 500


def test_a_mistake_in_the_program_is_told_without_the_inside(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with client_of(filled) as client:

        def broken(*_: object) -> None:
            raise ValueError("the inside /home/somebody/x.py")

        monkeypatch.setattr("recoupe.web.pages.ledger.shown", broken)
        for path in ("/", "/api/entries"):
            answer = client.get(path)
            assert answer.status_code == 500
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
            assert not [word for word in ("inside", "ValueError", "Traceback", ".py", "/home") if word in answer.text]
        assert answer.json() == {"error": "failed", "detail": ""}


def test_the_policy_allows_nothing_inline() -> None:
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert policy.startswith("default-src 'none'")


def test_files_of_ours_are_kept_under_their_content_and_pages_are_asked_for_again(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["cache-control"] == "private, no-cache"
    css = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in client.get(css).headers["cache-control"]
    assert client.get("/static/desk.css").headers["cache-control"] == "no-store"
    assert client.get("/static/none.css?v=1").headers["cache-control"] == "no-store"
    assert client.get("/login").headers["cache-control"] == "no-store"


# Hosts


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example", "", "127.0.0.1@evil",
     "[evil]", "[::1].evil.example", "192.168.1.5", "desk.example", "0.0.0.0", "127.0.0.1, evil.example"],
)  # fmt: skip
def test_a_desk_of_this_machine_answers_to_its_names_alone(app: FastAPI, host: str) -> None:
    for path in (b"/", b"/api/entries", b"/static/desk.css", b"/nothing"):
        status, headers, body = asked(app, "GET", path, headers={"host": host})
        assert status == 421, path
        assert headers["content-security-policy"]
        assert b"evil" not in body


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765", "127.8.9.1"])
def test_names_of_this_machine(app: FastAPI, host: str) -> None:
    assert asked(app, "GET", b"/help", headers={"host": host})[0] == 200


def test_a_desk_for_others_answers_to_addresses_and_given_names(filled: Path) -> None:
    """Addresses cannot be made to point elsewhere; names can, so that only those are good that were given."""
    app = app_of(filled, **ANYWHERE)
    hosts = {"192.168.1.5:80": 200, "[fe80::1]": 200, "DESK.example:443": 200, "localhost": 200, "evil.example": 421}
    for host, status in hosts.items():
        assert asked(app, "GET", b"/help", headers={"host": host})[0] == status, host


# Forms


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:8765.evil.example", "http://127.0.0.1:1", "file://", "",
     "http://127.0.0.1:8765@evil.example"],
)  # fmt: skip
def test_forms_of_other_sites_are_refused(client: TestClient, origin: str) -> None:
    answer = client.post("/login", data={"name": "Ann"}, headers={"origin": origin}, follow_redirects=False)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_forms_of_our_own_are_taken(client: TestClient) -> None:
    answer = client.post(
        "/login", data={"name": "Ann"}, headers={"origin": "http://127.0.0.1:8765"}, follow_redirects=False
    )
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_signing_out_takes_the_token_of_the_session(client: TestClient) -> None:
    assert client.post("/logout").status_code == 403
    client.post("/login", data={"name": "Ann"})
    for token in ("", "x", "0" * 64, "é"):
        assert client.post("/logout", data={"token": token}).status_code == 403
    page = client.get("/help").text
    assert "Ann" in page
    token = page.partition('name="token" value="')[2].partition('"')[0]
    assert client.post("/logout", data={"token": token}, follow_redirects=False).status_code == 303
    assert "Ann" not in client.get("/help").text


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b", "a\u202eb", "\u200b", "a\x1b[31m"])
def test_names_that_are_none(client: TestClient, name: str) -> None:
    answer = client.post("/login", data={"name": name}, follow_redirects=False)
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


def test_a_session_cannot_be_made_up(client: TestClient) -> None:
    good = sealed(Session.new("Ann"), b"another secret")
    body = base64.urlsafe_b64encode(json.dumps(["x", "Boss"]).encode()).decode()
    for cookie in (good, body, f"{body}.", f"{body}.{'0' * 64}", f".{'0' * 64}", "...", "é", "=" * 3_000, "[]"):
        answer = client.get("/help", headers={"cookie": f"{cookie_name(Options('x').port)}={cookie}".encode("latin-1")})
        assert answer.status_code == 200
        assert "Boss" not in answer.text
        assert "Ann" not in answer.text


def test_a_seal_is_of_all_that_it_seals() -> None:
    secret = b"s"
    text = sealed(Session("id", "Ann"), secret)
    body, _, sign = text.rpartition(".")
    other = base64.urlsafe_b64encode(json.dumps(["id", "Eve"]).encode()).decode()
    assert opened(text, secret) == Session("id", "Ann")
    assert opened(f"{other}.{sign}", secret) is None
    assert opened(f"{body}.{sign[:-1]}", secret) is None
    assert opened(text, b"t") is None


def test_wrong_tokens_are_few(filled: Path) -> None:
    with client_of(filled, "http://desk.example", **ANYWHERE) as client:
        form = {"name": "Ann"}
        tried = [client.post("/login", data={**form, "desk": f"guess {n}"}).status_code for n in range(12)]
        assert tried == [403] * 10 + [429] * 2
        assert client.post("/login", data={**form, "desk": "the token"}, follow_redirects=False).status_code == 429


def test_the_right_token(filled: Path) -> None:
    with client_of(filled, "http://desk.example", **ANYWHERE) as client:
        assert client.post("/login", data={"name": "Ann", "desk": ""}).status_code == 403
        answer = client.post("/login", data={"name": "Ann", "desk": " the token "}, follow_redirects=False)
        assert answer.status_code == 303
        assert "the token" not in client.get("/").text


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\tx", "/x\r\nset: y"]
)
def test_signing_in_leads_nowhere_else(client: TestClient, to: str) -> None:
    answer = client.post("/login", data={"name": "Ann", "to": to}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_nothing_is_written_where_nobody_may(filled: Path) -> None:
    with client_of(filled, read_only=True) as client:
        assert "/login" not in client.get("/").text
        for path, methods in posts():
            for method in methods - {"GET", "HEAD"}:
                answer = client.request(method, path.replace("{id}", an_entry(client)), data={"name": "Ann"})
                assert answer.status_code in (403, 422), f"{method} {path}: {answer.status_code}"
                assert "set-cookie" not in answer.headers


def posts() -> list[tuple[str, set[str]]]:
    """The paths that take more than reading, with what they take."""
    found = [(route.path, route.methods or set()) for router in ROUTERS for route in router.routes
             if isinstance(route, APIRoute)]  # fmt: skip
    wanted = [(path, methods) for path, methods in found if methods - {"GET", "HEAD"}]
    assert wanted, "no path takes a form: is this test still right?"
    return wanted


def test_what_writes_needs_a_session_and_its_token(client: TestClient) -> None:
    for path, methods in posts():
        if path == "/login":
            continue
        for method in methods - {"GET", "HEAD"}:
            address = path.replace("{id}", an_entry(client))
            client.cookies.clear()
            assert client.request(method, address, data={"token": "x"}).status_code in (403, 422), path
            client.post("/login", data={"name": "Ann"})
            assert client.request(method, address, data={"token": "x"}).status_code in (403, 422), path


# Too much


def test_long_addresses(app: FastAPI) -> None:
    assert asked(app, "GET", b"/", b"q=" + b"x" * MOST_ASKED)[0] == 414
    assert asked(app, "GET", b"/report/" + b"x" * MOST_ASKED)[0] == 414
    assert asked(app, "GET", b"/report/" + b"x" * 3_000)[0] == 404


@pytest.mark.parametrize("length", [str(MOST_SENT + 1), "9" * 5_000, "-1", "+1", "1 ", "0x10", "\xb2", "1, 1"])
def test_long_forms(app: FastAPI, length: str) -> None:
    headers = {**FORM, "content-length": length}
    assert asked(app, "POST", b"/login", headers=headers, body=[b"name=Ann"])[0] == 413


def test_forms_of_no_known_length(app: FastAPI) -> None:
    headers = {**FORM, "transfer-encoding": "chunked"}
    assert asked(app, "POST", b"/login", headers=headers, body=[b"x" * 1024] * 1024)[0] == 413


def test_forms_longer_than_they_say(app: FastAPI) -> None:
    """The server sees to it that no more is read than was announced; should it not, no more is taken."""
    headers = {**FORM, "content-length": "8"}
    status, answered, _ = asked(app, "POST", b"/login", headers=headers, body=[b"name=" + b"x" * 2**20])
    assert status in (400, 413, 422)
    assert "set-cookie" not in answered


@pytest.mark.parametrize(
    "asked_for",
    ["kind=attack&" * 51, "actor=country:FR&" * 200, "q=" + "x" * 501, "page=0", "page=1000001", "page=-1", "page=1e3",
     "page=٣", "origins=99999999", "sort=none", "sort=time&sort=time", "conflicts=maybe", "from=2024-13", "to=~2024",
     "from=2024&to=2023", "from=2024-01-01/2024-02-01", "kind=none", "status=none", "review=none2", "actor=x y|",
     "q=a&q=b"],
)  # fmt: skip
def test_questions_that_cannot_be_answered(client: TestClient, asked_for: str) -> None:
    for path in ("/", "/api/entries", "/export/csv"):
        answer = client.get(f"{path}?{asked_for}")
        assert answer.status_code == 422, path
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "asked_for",
    ["page=1000000", "q=" + "a " * 250, "q=" + "*" * 500, 'q="' + '"' * 400, "q=NEAR(a b)", "q=a OR", "q=%FF",
     "q=" + "(" * 400, "q=-", "q=a:b", "q=%F0%9F%92%A9", "q=' OR 1=1 --", "item=" + "x" * 500, "origins=1000000",
     "&" * 4000, "q=%ED%A0%80", "q=\u202e", "from=0001", "to=9999", "more=" + "x" * 3000, "page=1&=&==&%", "kind="],
)  # fmt: skip
def test_questions_that_are_odd(client: TestClient, asked_for: str) -> None:
    for path in ("/", "/api/entries"):
        answer = client.get(f"{path}?{asked_for}")
        assert answer.status_code in (200, 422), (path, answer.text[-300:])


def test_odd_questions_of_a_server(server: Server, codebook: Codebook) -> None:
    """PostgreSQL takes no NUL in a text, and says so."""
    where = server.database()
    fill(where, hostile_readings()[:2], codebook)
    with client_of(where) as client:
        entry = an_entry(client)
        odd = ("/?q=%00", "/?q=a%00b", "/entry/%00", f"/entry/{entry}%00", "/report/%00", "/report/x%00y",
               "/api/report/%00", "/?actor=country:%00", "/?item=%00", "/?q=%ED%A0%80", "/entry/%ED%A0%80")  # fmt: skip
        for path in odd:
            answer = client.get(path)
            assert answer.status_code in (200, 400, 404, 422), (path, answer.status_code)
        note = {"action": "note", "why": "a\0b <i>c</i>", "by": "Ann", "claims": []}
        assert client.post(f"/api/entry/{entry}/reviews", json=note).status_code in (201, 422)
        page = client.get(f"/entry/{entry}")
        assert page.status_code == 200
        assert "<i>c" not in page.text


def test_bytes_that_are_no_text(app: FastAPI) -> None:
    for query in (b"q=\xff", b"\xff\xfe", b"q=%ff%fe", b"%", b"lang=\xff"):
        assert asked(app, "GET", b"/", query)[0] == 200, query
        assert asked(app, "GET", b"/api/entries", query)[0] in (200, 422), query
    for path in (b"/entry/%ff", b"/report/%ff%fe", b"/%ff", b"/entry/\xff"):
        assert asked(app, "GET", path)[0] == 404, path


# Files


@pytest.mark.parametrize(
    "path",
    [b"/static/../app.py", b"/static/%2e%2e/app.py", b"/static/..%2fapp.py", b"/static/%2e%2e%2fapp.py", b"/static/",
     b"/static//etc/passwd", b"/static/..\\app.py", b"/static/..%5capp.py", b"/static/%00", b"/static",
     b"/static/desk.css/..%2f..%2fapp.py", b"/static/" + b"a" * 300, b"/report/../../../etc/passwd", b"/report/",
     b"/report/%2fetc%2fpasswd", b"/report/..%2f..%2fetc%2fpasswd", b"/report/file:%2f%2f%2fetc%2fpasswd",
     b"/api/report/%2fetc%2fpasswd"],
)  # fmt: skip
def test_no_other_files(app: FastAPI, path: bytes) -> None:
    status, _, body = asked(app, "GET", path)
    assert status in (307, 400, 404, 405)
    assert b"root:" not in body
    assert b"import" not in body


# Methods and freshness


def test_head_is_get_without_the_body(client: TestClient) -> None:
    for path in ("/", "/api/entries", "/static/desk.css", "/nothing", "/help", "/export/csv"):
        got, head = client.get(path), client.head(path)
        assert head.status_code == got.status_code
        assert head.content == b""
        assert head.headers.get("etag") == got.headers.get("etag")
        assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"])
def test_other_methods_are_none(app: FastAPI, method: str) -> None:
    for path in (b"/", b"/api/entries", b"/login", b"/static/desk.css"):
        status, headers, _ = asked(app, method, path)
        assert status == 405, path
        assert "access-control-allow-origin" not in headers


def test_who_has_the_answer_is_told_so(client: TestClient) -> None:
    for path in ("/", "/api/entries", f"/entry/{an_entry(client)}", "/?kind=attack&sort=time"):
        first = client.get(path)
        tag = first.headers["etag"]
        for had in (tag, f"W/{tag}", f'"other", {tag}', f'W/"x",{tag},"y"', f"{tag}, *"):
            again = client.get(path, headers={"if-none-match": had})
            assert (again.status_code, again.content) == (304, b""), had
            assert again.headers["etag"] == tag
            assert again.headers["vary"]
        for other in ("*", '"*"', tag[:-2] + '"', tag.strip('"'), f'"{tag}"', "W/", '"', ",,,", tag[1:], "é" * 99):
            answer = client.get(path, headers={"if-none-match": other.encode("latin-1")})
            assert answer.status_code == 200, other


def test_an_answer_in_other_words_or_colours_is_another(client: TestClient) -> None:
    tag = client.get("/").headers["etag"]
    for headers in ({"accept-language": "fr"}, {"cookie": "lang=fr"}, {"cookie": "theme=dark"}):
        assert client.get("/", headers={"if-none-match": tag, **headers}).status_code == 200
    client.post("/login", data={"name": "Ann"})
    assert client.get("/", headers={"if-none-match": tag}).status_code == 200


def test_a_page_that_is_not_there_has_no_tag(client: TestClient) -> None:
    for path in ("/entry/none", "/report/none", "/?page=x"):
        assert "etag" not in client.get(path).headers


def test_questions_in_another_order_or_case_are_answered(client: TestClient) -> None:
    a = client.get("/api/entries?kind=attack&sort=time").json()
    assert a == client.get("/api/entries?sort=time&kind=attack").json()


def test_a_parameter_that_there_is_not_is_refused_by_programs_answers_alone(client: TestClient) -> None:
    for path in ("/api/entries", "/api/timeline", "/api/search"):
        answer = client.get(f"{path}?knid=attack")
        assert answer.status_code == 422
        assert "knid" in answer.json()["detail"]
    assert client.get("/?knid=attack").status_code == 200


def test_what_cannot_be_asked_is_told_in_the_readers_language(client: TestClient) -> None:
    asked = {
        "page=0": "nombre", "page=1e3": "nombre", "from=hier": "Du", "from=2024&to=2023": "précède", "sort=x": "existe",
        "kind=x": "Type", "item=x": "Matériel", "actor=x": "Qui", "q=" + "x" * 501: "caractères", "q=a&q=b": "fois",
        "&".join(f"item={n}" for n in range(51)): "valeurs",
    }  # fmt: skip
    for query, word in asked.items():
        answer = client.get(f"/?{query}", headers={"accept-language": "fr"})
        assert answer.status_code == 422
        assert word in answer.text, query
        assert client.get(f"/api/entries?{query}", headers={"accept-language": "fr"}).json()["error"] == "bad_query"


# A ledger that fails


def failing(client: TestClient, where: Path) -> None:
    """Every page says that the ledger cannot be read, and nothing of where it is kept where others look on."""
    for path in ("/", "/api/entries", "/entry/ab", "/report/x", "/export/csv"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert answer.headers["cache-control"] == "no-store"
        assert not [word for word in ("Traceback", "sqlalchemy", "sqlite3.", str(where.parent)) if word in answer.text]
    assert client.get("/api/entries").json()["error"] == "ledger"
    assert client.get("/help").status_code == 200
    assert client.get("/static/desk.css").status_code == 200


def test_a_ledger_that_is_taken_away_and_put_back(own: Path) -> None:
    with client_of(own, "http://desk.example", **ANYWHERE) as client:
        before = client.get("/api/entries").json()
        own.rename(own.with_suffix(".away"))
        failing(client, own)
        own.with_suffix(".away").rename(own)
        assert client.get("/api/entries").json() == before
        assert client.get(f"/entry/{before['rows'][0]['id']}").status_code == 200


def test_a_ledger_that_is_cut(own: Path) -> None:
    with client_of(own, "http://desk.example", **ANYWHERE) as client:
        before = client.get("/api/entries").json()
        whole = own.read_bytes()
        own.write_bytes(b"no ledger" * 1000)
        failing(client, own)
        own.write_bytes(whole)
        assert client.get("/api/entries").json() == before


def test_who_sits_before_the_machine_is_told_which_file_failed(own: Path) -> None:
    with client_of(own) as client:
        own.unlink()
        answer = client.get("/")
        assert answer.status_code == 503
        assert str(own) in answer.text


def test_another_ledger_in_its_place(own: Path, codebook: Codebook, tmp_path: Path) -> None:
    """What was known of the first is not mixed with what the second says."""
    fill(own, hostile_readings()[4:], codebook)
    with client_of(own) as client:
        assert client.get("/api/entries").json()["total"] == 7
        other = tmp_path / "other.db"
        fill(other, hostile_readings()[2:4], codebook)
        with sqlite3.connect(other) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        other.replace(own)
        there = client.get("/api/entries").json()
        with client_of(own) as anew:
            assert there == anew.get("/api/entries").json()


def test_a_ledger_that_another_program_keeps_to_itself(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoupe.ledger.sqlite.PATIENCE", 0.05)
    with client_of(own, "http://desk.example", **ANYWHERE) as client:
        before = client.get("/api/entries").json()
        holder = sqlite3.connect(own, isolation_level=None)
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        try:
            failing(client, own)
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        assert client.get("/api/entries").json() == before


def test_without_a_ledger_there_is_one_page(tmp_path: Path) -> None:
    with client_of(None) as client:
        assert "recoupe read" in client.get("/").text
        for path in ("/api/entries", "/entry/ab", "/report/x", "/export/csv"):
            assert client.get(path).status_code == 503, path
