"""One tree of errors: everything that Recoupe raises on purpose is a `RecoupeError`."""

from __future__ import annotations


class RecoupeError(Exception):
    """Base of all errors; its text is one line that a user can act on."""


class ValueSyntaxError(RecoupeError, ValueError):
    """A value is not written in the manual's notation."""


class EvidenceError(RecoupeError, ValueError):
    """Evidence whose words are not those of the text at its place."""


class CodebookError(RecoupeError):
    """A codebook that does not hold together; carries every mistake found, each with file and line."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes

    def __reduce__(self) -> tuple[type[CodebookError], tuple[list[str]]]:
        return CodebookError, (self.mistakes,)


class GoldError(RecoupeError):
    """Coded reports that break the coding manual; carries every mistake found, each with its line, report and field."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes

    def __reduce__(self) -> tuple[type[GoldError], tuple[list[str]]]:
        return GoldError, (self.mistakes,)


class PageError(RecoupeError):
    """A page that cannot be used; `doc` names it, the text says why."""

    def __init__(self, doc: str, reason: str) -> None:
        super().__init__(f"{doc}: {reason}")
        self.doc = doc
        self.reason = reason

    def __reduce__(self) -> tuple[type[PageError], tuple[str, str]]:
        return PageError, (self.doc, self.reason)


class LedgerError(RecoupeError):
    """A ledger that cannot be opened, read or written."""


class ReviewError(RecoupeError, ValueError):
    """A review that cannot be given: a field or value that a claim cannot have, a claim that is not there.

    `key` names what is wrong, and `told` what it is about, for those who say it in another language; empty where only
    the text says it.
    """

    def __init__(self, text: str, key: str = "", **told: str) -> None:
        super().__init__(text)
        self.key = key
        self.told = told


class ReviewsError(RecoupeError):
    """A file of reviews that cannot be taken in; carries every mistake found, each with file and line."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes

    def __reduce__(self) -> tuple[type[ReviewsError], tuple[list[str]]]:
        return ReviewsError, (self.mistakes,)


class ColumnError(RecoupeError, ValueError):
    """Columns that are not told as `ROLE=NAME`."""


class FeedError(RecoupeError):
    """A feed or sitemap that cannot be read; its text says why."""


class FetchError(RecoupeError):
    """An address that gave no page; the text says why. `status` is the server's answer where that was the reason;
    `refused` where it is not asked for at all: by our rules, or by the host's.
    """

    def __init__(self, address: str, reason: str, status: int | None = None, refused: bool = False) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason
        self.status = status
        self.refused = refused

    def __reduce__(self) -> tuple[type[FetchError], tuple[str, str, int | None, bool]]:
        return FetchError, (self.address, self.reason, self.status, self.refused)


class QueryError(RecoupeError, ValueError):
    """A question to the ledger that cannot be asked: a filter, an order or a page that there is not. `why` names the
    reason and `told` what it is about, for those who say it in other words.
    """

    def __init__(self, message: str, why: str = "", **told: object) -> None:
        super().__init__(message)
        self.why = why
        self.told = told


class BusyError(RecoupeError):
    """Too much is asked at once; nothing is wrong with what is asked."""
