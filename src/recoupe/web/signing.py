"""What browsers keep for us: who is signed in, signed so that nobody can make it up, and the tokens of their forms."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass
from hashlib import sha256


def cookie_name(port: int) -> str:
    """What a browser keeps the session under: cookies know no ports, and there may be several desks on a machine."""
    return f"recoupe_session_{port}"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session: its id, and the name of who reviews in it; empty where nobody is signed in."""

    id: str
    name: str = ""

    @classmethod
    def new(cls, name: str) -> Session:
        """A new one for a person."""
        return cls(secrets.token_urlsafe(18), name)


def sealed(session: Session, secret: bytes) -> str:
    """The session as text that `opened` takes."""
    body = base64.urlsafe_b64encode(json.dumps([session.id, session.name]).encode()).decode()
    return f"{body}.{_sign(body, secret)}"


def opened(text: str | None, secret: bytes) -> Session | None:
    """The session that `sealed` wrote; None for anything else."""
    body, _, sign = (text or "").rpartition(".")
    if not body or not hmac.compare_digest(sign.encode(), _sign(body, secret).encode()):
        return None
    id_, name = json.loads(base64.urlsafe_b64decode(body))
    return Session(id_, name)


def form_token(session: Session, secret: bytes) -> str:
    """What every form of a session carries, so that no other site can send one in its name (CSRF)."""
    return _sign(f"form {session.id}", secret)


def same(given: str | None, wanted: str) -> bool:
    """Are they equal? Takes as long whatever the difference."""
    return hmac.compare_digest((given or "").encode(), wanted.encode())


def _sign(text: str, secret: bytes) -> str:
    return hmac.new(secret, text.encode(), sha256).hexdigest()
