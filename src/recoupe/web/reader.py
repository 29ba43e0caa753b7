"""Who asks: the language and the colours that they want, and the name that they review under."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from recoupe.web.options import Options
from recoupe.web.shelf import shelf
from recoupe.web.signing import Session, cookie_name, form_token, opened
from recoupe.web.wording import Wording, language_of, locale_of

LANG, THEME = "lang", "theme"
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader: the locale, the theme (empty: the system's), and the session."""

    locale: str
    theme: str
    session: Session | None

    @property
    def name(self) -> str:
        """The name that they review under; empty where they are not signed in."""
        return "" if self.session is None else self.session.name

    @property
    def key(self) -> str:
        """What of them a page looks different for."""
        return f"{self.locale} {self.theme} {self.session.id if self.session else ''}"


def reader_of(request: Request) -> Reader:
    """Who asks: what the address says, then what the browser kept, then what the browser says of itself."""
    options: Options = request.app.state.options
    chosen = locale_of(request.query_params.get(LANG, "")) or locale_of(request.cookies.get(LANG, ""))
    theme = request.query_params.get(THEME) or request.cookies.get(THEME, "")
    return Reader(
        chosen or language_of(request.headers.get("accept-language", "")),
        theme if theme in THEMES else "",
        opened(request.cookies.get(cookie_name(options.port)), options.secret),
    )


def wording(request: Request) -> Wording:
    """What is said to the one who asks."""
    locale = reader_of(request).locale
    kept: dict[str, Wording] = request.app.state.wordings
    return kept.get(locale) or kept.setdefault(locale, Wording.of(locale, shelf(request).codebook))


def token_of(request: Request) -> str:
    """What the forms of the one who asks carry; empty without a session."""
    session = reader_of(request).session
    return "" if session is None else form_token(session, request.app.state.options.secret)
