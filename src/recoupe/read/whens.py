"""Which time is the claim's: the expression that hangs on the claim's words, resolved against the report's date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recoupe.model import Evidence, Mention, Span
from recoupe.read.tree import VERBS, Node, Tree
from recoupe.read.triggers import Hit
from recoupe.read.units import Atom
from recoupe.times import TOO_WIDE, TimeRef, resolve
from recoupe.values import When

_CONTEXT = 900  # characters, two or three paragraphs: within them a tale goes on from the year that it gave last
_AHEAD = ("planned", "possible")
_SEASON = 92  # days: what goes on no longer may well be going on already
_LONG_AGO = 300  # days: a context nearer to the report's date than this gives the same year as the report's date itself
_PLACE = re.compile(r"\s*[A-ZÀ-Ý][\w.'’/ -]{1,40}[,(]\s*")
ONLY = "only time of the sentence"
_DASH = re.compile(r"\s*(?:\([^)]{2,40}\)\s*)?[-–—]")


@dataclass(frozen=True, slots=True)
class Told:
    """A time that the text tells: where, when, and whether the words gave its year."""

    at: int
    when: When
    explicit: bool


class TimeLine:
    """The times that a report tells, in order, for expressions that count from the one before ("two days later")."""

    def __init__(self, mentions: Iterable[Mention], published: When | None) -> None:
        self.published = published
        self._told: list[Told] = []
        for mention in mentions:
            if mention.type == "time" and isinstance(mention.value, TimeRef):
                ref, at = mention.value, mention.span.start
                anchor = (
                    self.before(ref, at) if ref.kind == "sequel" else self.context(at) if ref.yearless else published
                )
                found = resolve(ref, anchor) if ref.absolute or _dated(anchor) else None
                if found is not None and found.days is not None:
                    self._told.append(Told(at, found, ref.absolute))

    def before(self, ref: TimeRef, at: int) -> When | None:
        """What a sequel is counted from: the last time told shortly before it, of "that day" the last day; of one that
        names what it is counted from, the report's date, which that is counted from in its turn.
        """
        if ref.named:
            return self.published
        days = ref.start is not None and ref.start.kind == "span" and ref.start.unit == "day"
        told = (t.when for t in reversed(self._told) if at - _CONTEXT <= t.at < at and (not days or t.when.days == 1))
        return next(told, None)

    def context(self, at: int) -> When | None:
        """What a date without a year is counted from: a dated time told shortly before, in a tale of the past, else the
        report's date.
        """
        dated = next((t for t in reversed(self._told) if t.explicit and t.at < at), None)
        if dated is None or at - dated.at > _CONTEXT or dated.when.last is None:
            return self.published
        if (
            self.published is not None
            and self.published.first is not None
            and (self.published.first - dated.when.last).days < _LONG_AGO
        ):
            return self.published
        return dated.when


def _dated(anchor: When | None) -> bool:
    """Does it say about which year?"""
    return anchor is not None and anchor.days is not None and anchor.days <= TOO_WIDE.days


class Whens:
    """Finds the time of the claims of one sentence."""

    def __init__(
        self,
        tree: Tree,
        text: str,
        published: When | None,
        hits: Mapping[int, list[Hit]],
        timeline: TimeLine,
        anchors: frozenset[str],
    ) -> None:
        self.tree = tree
        self.text = text
        self.published = published
        self.hits = hits
        self.timeline = timeline
        self.anchors = anchors
        self.owner = {node.index: self._owner(node) for node in tree.nodes if self._time(node)}

    @staticmethod
    def _time(node: Node) -> Atom | None:
        return next((a for a in node.atoms if a.type == "time"), None)

    def _owner(self, node: Node) -> int | None:
        """The trigger or verb that a time expression hangs on."""
        beside = self._event_before(node)
        if beside is not None:
            return beside
        for _, head in self.tree.up(node):
            if head.pos in VERBS or head.index in self.hits:
                return head.index
            if head.case in self.anchors:
                return None
        return None

    def _event_before(self, node: Node) -> int | None:
        """The event that only sets another act's time, right before a time that is then its own ("after the raid on the
        port on Friday"), however the parser takes it.
        """
        before = [n for n in self.tree.nodes[: node.index] if n.rel not in ("case", "prep", "det", "punct")]
        for _, head in [(None, before[-1]), *self.tree.up(before[-1])] if before else ():
            if head.pos in VERBS:
                return None
            if head.index in self.hits and head.case in self.anchors:
                return head.index
        return None

    def of(self, node: Node, status: str, told: str) -> tuple[When | None, Evidence | None, str]:
        """The time of what `node` tells, with its words and how it was found; nothing where no words say it.

        `told` is how the words tell it: a pledge is made by "will deliver from Monday", but the Monday is to come.
        """
        told_by: list[tuple[Atom, When | None, str]] = []
        for index, rule in self._candidates(node):
            if rule == ONLY and self._elsewhere(node, status):
                continue
            if atom := self._time(self.tree.nodes[index]):
                told_by.append((atom, self._resolved(atom, status, told), rule))
        # What is told by something that has no time ("a day after the vote") is not of the dateline's day.
        hangs = any(not rule and not found and self._by_another(atom) for atom, found, rule in told_by)
        for atom, found, rule in told_by:
            if found and not (status == "done" and self._to_come(found)) and not (hangs and self._dateline(atom)):
                return found, Evidence.of(self.text, atom.span.start, atom.span.end), rule
        for atom in self.tree.sentence.asides:
            if atom.type == "time" and self._near(node, atom):
                found = self._resolved(atom, status, told)
                if found:
                    return found, Evidence.of(self.text, atom.span.start, atom.span.end), "time in brackets"
        return None, None, ""

    def runs_on(self, node: Node) -> bool:
        """Does what `node` tells last until a time that lies well after the report ("until 2027")?"""
        for index, _ in self._candidates(node):
            atom = self._time(self.tree.nodes[index])
            ref = atom.of("time")[0].value if atom else None
            found = resolve(ref, self.published) if isinstance(ref, TimeRef) and ref.kind == "until" else None
            now = self.published.last if self.published else None
            if found is not None and found.last is not None and now is not None and (found.last - now).days > _SEASON:
                return True
        return False

    def _dateline(self, atom: Atom) -> bool:
        """Does it stand in what opens a text: KYIV, 3 January (Agency) - ?"""
        start = self.text.rfind("\n", 0, atom.span.start) + 1
        before, after = self.text[start : atom.span.start], self.text[atom.span.end : atom.span.end + 50]
        return bool(_PLACE.fullmatch(before) and _DASH.match(after))

    @staticmethod
    def _by_another(atom: Atom) -> bool:
        """Do the words name what they are counted from?"""
        ref = atom.of("time")[0].value
        return isinstance(ref, TimeRef) and ref.named

    def _to_come(self, when: When) -> bool:
        """Does a time lie after the report, so that it is when a promise is to be kept, not when it was made?"""
        now = self.published.last if self.published else None
        start = when.first or when.last
        return bool(now and start and start >= now and (when.last is None or when.last > now))

    def _near(self, node: Node, atom: Atom) -> bool:
        return 0 <= atom.span.start - node.span.end < 60

    def _candidates(self, node: Node) -> list[tuple[int, str]]:
        """The time expressions for a trigger, the closest relation first."""
        beneath = {k.index for k in self.tree.kids(node, "acl") if k.pos in (*VERBS, "ADJ")}
        own = [(i, "") for i, o in self.owner.items() if o == node.index or o in beneath]
        family = self._family(node)
        near = [(i, "time of its verb") for i, o in self.owner.items() if o in family and o != node.index]
        only = [(i, ONLY) for i in self.owner] if len(self.owner) == 1 and self._alone(node) else []
        fronted = [(i, "time at the head of the sentence") for i in self.owner if self._fronted(i)]
        return own + near + only + fronted

    def _elsewhere(self, node: Node, status: str) -> bool:
        """Is the only time of the sentence that of something else: of an event that the one told has followed ("the
        raid followed that of Monday"), or of what is past beside what is to come ("it emerged on Monday")?
        """
        for owner in (self.tree.nodes[o] for o in self.owner.values() if o is not None and o != node.index):
            if owner.rel == "obj" and owner.index in self.hits and owner.head == node.head:
                return True
            if status in _AHEAD and "Tense=Past" in owner.morph and owner.index not in self.hits:
                return True
        return False

    def _fronted(self, index: int) -> bool:
        """Does a time expression stand before the sentence's subject, where it holds for all that follows?"""
        subjects = [n.index for n in self.tree.nodes if n.rel.startswith("nsubj")]
        return bool(subjects) and index < subjects[0]

    def _family(self, node: Node) -> set[int]:
        """The words that share the trigger's time: the verb that governs it, not a verb of saying."""
        family = {node.index}
        for child, head in self.tree.up(node):
            rel = child.rel.split(":")[0]
            if head.pos not in VERBS or rel in ("ccomp", "parataxis", "advcl") or child.rel == "acl:relcl":
                break
            if rel in ("obl", "nmod") and child.case and child.pos not in VERBS:
                break  # an adjunct ("after the attacks") has a time of its own
            if (
                rel == "conj"
                and len([i for i, o in self.owner.items() if o == head.index])
                and "VerbForm=Fin" in child.morph
            ):
                break
            family.add(head.index)
            if "VerbForm=Fin" in child.morph:
                break
        return family

    def _alone(self, node: Node) -> bool:
        """Is the trigger at the top of a sentence with no other verb that its only time could belong to?"""
        head = self.tree.above(node)
        if head is not None and self.tree.above(head) is not None:
            return False
        return len([h for h in self.hits if self.tree.nodes[h].pos in VERBS]) <= 1

    def _resolved(self, atom: Atom, status: str, told: str) -> When | None:
        ref = atom.of("time")[0].value
        if not isinstance(ref, TimeRef):
            return None
        ahead = status in _AHEAD or (told in _AHEAD and ref.kind in ("until", "from", "before", "after"))
        if ahead and not ref.deictic:
            ref = ref.towards("future")
        anchor = self._anchor(ref, atom)
        if ref.yearless and ref.kind != "sequel" and anchor is not self.published:
            ref = ref.towards("nearest")
        if not ref.absolute and not _dated(anchor):
            return None  # with no year to be had, the words place it nowhere
        return self._near_by(ref, anchor, status) or resolve(ref, anchor)

    def _anchor(self, ref: TimeRef, atom: Atom) -> When | None:
        """What a time is counted from: the report's date, or one that was told before."""
        if ref.kind == "sequel":
            return self.timeline.before(ref, atom.span.start)
        return self.timeline.context(atom.span.start) if ref.yearless else self.published

    def counted_from(self, words: Evidence) -> str:
        """From what the time that is told in these words of the sentence is counted; nothing where they tell it all."""
        atoms = (*(a for n in self.tree.nodes for a in n.atoms), *self.tree.sentence.asides)
        at = Span(words.start, words.end)
        for ref in (m.value for a in atoms if a.span == at for m in a.of("time")):
            if isinstance(ref, TimeRef) and not ref.absolute:
                anchor = self._anchor(ref, next(a for a in atoms if a.span == at))
                whose = "the report's date" if anchor is self.published else "the time told before"
                return f"counted from {whose}, {anchor}"
        return ""

    def _near_by(self, ref: TimeRef, anchor: When | None, status: str) -> When | None:
        """A date without its year that has begun by the report's date and is not long since over: a meeting that runs
        from yesterday to tomorrow is this year's, whatever the tense.
        """
        if anchor is not self.published or anchor is None or ref.kind not in ("date", "range") or ref.absolute:
            return None
        found = resolve(ref.towards("nearest"), anchor)
        if found is None or found.first is None or found.last is None or anchor.last is None or anchor.first is None:
            return None
        return found if status == "done" and found.first <= anchor.last and found.last >= anchor.first else None
