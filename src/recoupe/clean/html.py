"""What a reader of a page in HTML sees: its lines of text, each character with its place in the source.

Elements that HTML sets apart (paragraphs, list points, cells ...) are lines; white space is one space; what browsers do
not show (scripts, styles, hidden elements) is no text. The scanner is ours because no parser gives the place of every
character; it follows the HTML standard's tokenizer where pages depend on it (raw text elements, attributes without or
with stray quotes, character references) and takes time linear in the source's length.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from recoupe.errors import PageError

TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?:[^>=]|=\s*\"[^\"]*\"|=\s*'[^']*'|=)*+)(?:>|\Z)|<[!?/][^>]*+(?:>|\Z)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"([^\s=\"'/<>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
REFERENCE = r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)"
PIECE = re.compile(rf"{REFERENCE}|\s+|[^\s&]+|&")
UNSEEN_CHARACTERS = "\u00ad\u200b\u2060\ufeff"
"""Places where a line may end or may not, which a page shows as nothing."""
SEEN = re.compile(f"[^{UNSEEN_CHARACTERS}]+")
MAY_HIDE = re.compile(r"hidden|display", re.IGNORECASE)
HIDDEN = re.compile(r"\bdisplay\s*:\s*none|\bvisibility\s*:\s*hidden", re.IGNORECASE)

RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext", "textarea", "title"})
"""Elements whose content is no markup up to their end tag."""
FOREIGN = frozenset({"svg", "math"})
"""Elements in which no content is raw, and a tag that ends in a slash has none."""
UNSEEN = frozenset(
    {"head", "template", "svg", "math", "object", "audio", "video", "canvas", "select", "datalist", "map"}
)
"""Elements whose text is not shown beside the article: code, graphics, choices of a form. What stands in for a script
(`noscript`) may be the article."""
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"}
    | {"kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub"}
    | {"sup", "time", "tt", "u", "var", "wbr", "img", "amp-img", "input", "button", "picture", "source", "meta", "link"}
    | {"script", "style", "template"}
)
"""Elements that stand within a line; every other one, and every one that is not known, is a line of its own."""
EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
CLOSES: Mapping[str, frozenset[str]] = {
    "option": frozenset({"option"}),
    "optgroup": frozenset({"option", "optgroup"}),
    "p": frozenset({"p"}),
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "td": frozenset({"td", "th", "p"}),
    "th": frozenset({"td", "th", "p"}),
    "tr": frozenset({"tr", "td", "th", "p"}),
    "tbody": frozenset({"thead", "tbody", "tr", "td", "th", "p"}),
}
"""Elements whose end tag may be left out: each start tag ends those that are then open just around it."""
MOST_TAGS = 250_000
"""Tags of the largest page that is read: news pages have a few thousand, and each costs time and memory."""
DEEPEST = 512
"""Open elements whose names are kept: browsers nest no deeper (Chromium and WebKit stop at 512)."""

Where = Literal["", "nav", "footer", "aside", "figcaption", "form", "noscript", "heading"]
PLACES: Mapping[str, Where] = {
    "nav": "nav",
    "menu": "nav",
    "footer": "footer",
    "aside": "aside",
    "figcaption": "figcaption",
    "form": "form",
    "noscript": "noscript",
    **{f"h{n}": "heading" for n in range(1, 7)},
}


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag: its name in lower case, and where its attributes stand in the source."""

    name: str
    start: int
    end: int
    attributes: str = field(repr=False)

    def get(self, name: str) -> str | None:
        """The value of an attribute, its character references read; None where the tag has it not."""
        for found in ATTRIBUTE.finditer(self.attributes):
            if found[1].lower() == name:
                return html.unescape(next((v for v in found.groups()[1:] if v is not None), ""))
        return None


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of a page: its text, line by line, and what is known of each line.

    `pieces` are (start in text, start in source, length) as in a Report; `wheres` has one member a line that is not
    blank: the innermost element with a meaning in which the line stands; `tags` and `scripts` are those that speak of
    the page (meta, link, time; JSON-LD), `links` the addresses of links, each with where its content begins and ends in
    the source. The first `titled` characters are the page's title, which browsers show above the page.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]
    wheres: tuple[Where, ...]
    tags: tuple[Tag, ...]
    scripts: tuple[tuple[int, str], ...]
    titled: int = 0
    links: tuple[tuple[str, int, int], ...] = ()


def see(source: str, doc: str = "") -> Sight:
    """What is seen of a page whose HTML is `source`; raises PageError, naming `doc`, for one beyond MOST_TAGS."""
    return _Scanner(source, doc).scan()


class _Scanner:
    """Goes through the source once."""

    def __init__(self, source: str, doc: str) -> None:
        self.source = source
        self.doc = doc
        self.seen_tags = 0
        self.parts: list[str] = []
        self.pieces: list[tuple[int, int, int]] = []
        self.wheres: list[Where] = []
        self.tags: list[Tag] = []
        self.scripts: list[tuple[int, str]] = []
        self.links: list[tuple[str, int, int]] = []
        self.link: Tag | None = None
        self.open: list[tuple[str, Where, bool]] = []
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self.length = 0
        self.line_open = False
        self.space = False
        self.unseen = 0
        self.titled = 0
        self.end: int | None = None
        self.ended = False

    def scan(self) -> Sight:
        at = 0
        source = self.source
        while (found := TAG.search(source, at)) is not None:
            self._text(at, found.start())
            at = found.end()
            name = (found["name"] or "").lower()
            if not name:
                continue
            self.seen_tags += 1
            if self.seen_tags > MOST_TAGS:
                raise PageError(self.doc, f"markup of more than {MOST_TAGS} tags")
            if name == "a":
                self._link(None if found["close"] else Tag(name, *found.span(), found["attributes"]), found.start())
            if found["close"]:
                self._close(name)
            else:
                at = self._start(name, found)
        self._text(at, len(source))
        text = "".join(self.parts)
        tags, scripts, links = tuple(self.tags), tuple(self.scripts), tuple(self.links)
        return Sight(text, tuple(self.pieces), tuple(self.wheres), tags, scripts, self.titled, links)

    def _start(self, name: str, found: re.Match[str]) -> int:
        """Enters an element; gives the place from which to go on."""
        tag = Tag(name, *found.span(), found["attributes"])
        if name in ("meta", "link", "time", "html"):
            self.tags.append(tag)
        if name in RAW and not any(outer in FOREIGN for outer, _, _ in self.open):
            return self._raw(tag)
        if name not in INLINE:
            self._break("\n" if name == "br" else "\n\n")
        if name in EMPTY or tag.attributes.endswith("/"):
            return tag.end
        if name == "body":
            self._leave(0)  # what a page has left open before it does not hide the page
        while self.open and self.open[-1][0] in CLOSES.get(name, ()):
            self._leave(len(self.open) - 1)
        hidden = name in UNSEEN or _hidden(tag)
        where = self._where()
        place = PLACES.get(name, "")
        # A heading of what stands aside is no heading of the article.
        if place and not (place == "heading" and where):
            where = place
        if len(self.open) < DEEPEST:
            self.places[name].append(len(self.open))
            self.open.append((name, where, hidden))
            self.unseen += hidden
        return tag.end

    def _link(self, tag: Tag | None, at: int) -> None:
        """Ends the link that is open, for they do not nest, and begins the next one."""
        if self.link is not None and (address := self.link.get("href")):
            self.links.append((address.strip(), self.link.end, at))
        self.link = tag

    def _raw(self, tag: Tag) -> int:
        """Passes over the content of an element that is no markup."""
        end = re.compile(f"</{re.escape(tag.name)}(?=[\\s/>])", re.IGNORECASE).search(self.source, tag.end)
        stop = end.start() if end else len(self.source)
        if tag.name == "script" and "ld+json" in tag.attributes.lower():
            self.scripts.append((tag.end, self.source[tag.end : stop]))
        if tag.name == "title":
            self._title(tag.end, stop)
        return stop

    def _title(self, start: int, end: int) -> None:
        """Takes the page's title for the first line; not a second one."""
        if self.parts:
            return
        unseen, self.unseen = self.unseen, 0
        self._text(start, end)
        self.titled = self.length
        self._break()
        self.unseen = unseen

    def _close(self, name: str) -> None:
        """Leaves an element, and those open in it."""
        if name not in INLINE:
            self._break()
        if self.places[name]:
            self._leave(self.places[name][-1])

    def _leave(self, depth: int) -> None:
        """Leaves the elements from the one at `depth` on."""
        while len(self.open) > depth:
            name, _, hidden = self.open.pop()
            self.places[name].pop()
            self.unseen -= hidden

    def _break(self, mark: str = "\n\n") -> None:
        """Ends the line: a paragraph's end is a blank line, as in text; a mere line break is none."""
        if self.line_open:
            self._add(mark)
            self.line_open = False
            self.ended = True
        self.space = False

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _text(self, start: int, end: int) -> None:
        """Takes the characters between two tags."""
        if start == end or self.unseen:
            return
        for found in PIECE.finditer(self.source, start, end):
            said = found[0]
            if said.isspace():
                self.space = self.line_open
            elif said[0] == "&" and len(said) > 1:
                self._reference(said, found.start())
            else:
                self._word(said, found.start())

    def _reference(self, said: str, at: int) -> None:
        """A character reference; one that no standard knows is the characters that it is written with."""
        meant = html.unescape(said)
        if meant == said:
            self._word(said, at)
        elif meant.isspace():
            self.space = self.line_open
        else:
            for character in meant:
                if SEEN.match(character):
                    self._put(character, at, written=len(said))

    def _word(self, said: str, at: int) -> None:
        """Characters without white space; those that are not seen are left out."""
        for part in SEEN.finditer(said):
            self._put(said[part.start() : part.end()], at + part.start())

    def _put(self, said: str, at: int, written: int = 0) -> None:
        """Adds what stands in the source at `at`; `written`: the length of the reference that it is written as."""
        if not self.line_open:
            self.line_open = True
            self.wheres.append(self._where())
        # One space between two words is a character of the page itself, where it is one there.
        own_space = self.space and self.end is not None and at == self.end + 1 and self.source[self.end] == " "
        if self.space:
            self._add(" ")
            self.space = False
        if not written and self.pieces and (own_space or at == self.end) and not self.ended:
            start, place, _ = self.pieces[-1]
            self.pieces[-1] = (start, place, self.length + len(said) - start)
        else:
            self.pieces.append((self.length, at, len(said)))
        self._add(said)
        self.end = at + (written or len(said))
        self.ended = bool(written)

    def _where(self) -> Where:
        return self.open[-1][1] if self.open else ""


def _hidden(tag: Tag) -> bool:
    """Does an element say that it is not shown?"""
    if not MAY_HIDE.search(tag.attributes):
        return False
    style = tag.get("style") or ""
    return tag.get("hidden") is not None or bool(HIDDEN.search(style))
