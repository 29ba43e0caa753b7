"""With which letters a match of a regular expression can begin: so it is tried only where it may fit."""

from __future__ import annotations

SIZE = 3
"""The letters told of each beginning, at most."""
_MOST = 64  # beginnings of one expression; beyond it, it may begin with anything
ANY = frozenset({""})
_CLOSED = "\0"  # ends a beginning after which nobody knows what follows
_OPENINGS = ("(?:", "(?-i:", "(?i:")


def prefixes(pattern: str) -> frozenset[str]:
    """The beginnings of what a pattern can match, in lower case, of up to three letters each; "" where any may stand.

    It knows letters, classes of letters and groups, which is what words are written with; before others it stops.

    >>> sorted(prefixes("(?:re)?mis|(?:a|ont) su"))
    ['a s', 'mis', 'ont', 'rem']
    >>> prefixes(r"\\w+ent")
    frozenset({''})
    """
    found = {head.rstrip(_CLOSED) for head in _alternatives(pattern, 0)[0]}
    return ANY if "" in found or len(found) > _MOST else frozenset(found)


def anchored(pattern: str) -> bool:
    """Can a pattern fit nowhere but at the beginning of a text? Then it is to be tried there alone.

    >>> anchored("^by .+$|^(?:photo|video)"), anchored("^by|photo"), anchored("(?:^|[.] )photo")
    (True, False, False)
    """
    at, begins = 0, True
    while at < len(pattern):
        if begins and pattern[at] != "^":
            return False
        begins = pattern[at] == "|"
        at = at + 1 if begins else _skip(pattern, at)
    return not begins


def openings(pattern: str) -> frozenset[str]:
    """As `prefixes`, of a pattern that may fit anywhere in a line: what a word begins with where it fits.

    It is "" where the pattern may fit amid a word, or begin with anything.

    >>> sorted(openings(r"^photo:|\\b(?:sign|log) in\\b"))
    ['log', 'pho', 'sig']
    >>> openings(r"\\bphoto|cookie")
    frozenset({''})
    """
    found: set[str] = set()
    at = 0
    while at < len(pattern):
        start = next((o for o in ("^", r"\b") if pattern.startswith(o, at)), None)
        if start is None:
            return ANY
        heads, at = _sequence(pattern, at + len(start))
        found |= {head.rstrip(_CLOSED) for head in heads}
        at += 1  # the bar
    return frozenset(found) if found and all(h[:1].isalnum() for h in found) else ANY


def _alternatives(pattern: str, at: int) -> tuple[set[str], int]:
    """The beginnings of what stands from an offset to the end of its group, and where that is."""
    found: set[str] = set()
    while True:
        branch, at = _sequence(pattern, at)
        found |= branch
        if at >= len(pattern) or pattern[at] == ")":
            return found, at
        at += 1  # the bar


def _sequence(pattern: str, at: int) -> tuple[set[str], int]:
    found = {""}
    while at < len(pattern) and pattern[at] not in "|)":
        if all(map(_full, found)):
            at = _skip(pattern, at)
            continue
        piece, after = _atom(pattern, at)
        mark = pattern[after : after + 1] if piece is not None else ""
        if piece is None:
            piece, after = {_CLOSED}, _skip(pattern, at)
        elif mark == "?":  # with and without
            piece, after = piece | {""}, _after_repeat(pattern, after)
        elif mark and mark in "*{":
            piece, after = {_CLOSED}, _after_repeat(pattern, after)
        elif mark == "+":
            piece, after = {p if _full(p) else p + _CLOSED for p in piece}, _after_repeat(pattern, after)
        found = {h if _full(h) else (h + p)[:SIZE] for h in found for p in piece}
        at = after
    return found, at


def _full(head: str) -> bool:
    return len(head) >= SIZE or head.endswith(_CLOSED)


def _atom(pattern: str, at: int) -> tuple[set[str] | None, int]:
    """The beginnings of one piece, and where it ends; None for one that is not known."""
    c = pattern[at]
    if c.isalnum() or c in " '-":
        return {c.lower()}, at + 1
    if c == "[" and (end := pattern.find("]", at)) > 0:
        inside = pattern[at + 1 : end]
        return ({i.lower() for i in inside}, end + 1) if inside.isalpha() else (None, end + 1)
    opening = next((o for o in _OPENINGS if pattern.startswith(o, at)), None)
    if opening:
        found, end = _alternatives(pattern, at + len(opening))
        return found, end + 1
    return None, at + 1


def _after_repeat(pattern: str, at: int) -> int:
    at = pattern.find("}", at) + 1 if pattern[at] == "{" else at + 1
    return at + 1 if at < len(pattern) and pattern[at] in "?+" else at


def _skip(pattern: str, at: int) -> int:
    """Past one piece, whatever it is."""
    if pattern[at] == "\\":
        return at + 2
    if pattern[at] == "[":
        return max(pattern.find("]", at + 2) + 1, at + 1)
    if pattern[at] == "(":
        depth, i = 0, at
        while i < len(pattern):
            if pattern[i] == "\\":
                i += 2
                continue
            depth += {"(": 1, ")": -1}.get(pattern[i], 0)
            i += 1
            if depth == 0:
                return i
        return i
    return at + 1
