"""Status: what tense, mood, negation and the governing verbs make of an act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recoupe.codebook.language import Language
from recoupe.read.roles import inner_prepositions
from recoupe.read.tree import VERBS, Node, Tree
from recoupe.read.triggers import Hit

_WORDS = 6  # an expression with a negation in it is no longer
STATUSES = ("done", "planned", "possible", "denied")
_COMPLEMENTS = frozenset(
    {
        "xcomp",
        "ccomp",
        "acl",
        "advcl",
        "obj",
        "iobj",
        "obl",
        "nsubj",
        "conj",
        "attr",
        "pcomp",
        "nmod",
        "parataxis",
        "appos",
        "dep",
    }
)


@dataclass(frozen=True, slots=True)
class Mood:
    """A status, or what a governing word makes of the act (asked, promised ...); `by` is that word.

    `helper` is a word that says who helps with the act ("NATO will help the allies to buy"), `form` the one whose own
    form makes the status. `part`: the act is but a part of the one that governs it.
    """

    name: str
    by: Hit | None = None
    helper: Hit | None = None
    form: Node | None = None
    part: bool = False


class Moods:
    """Finds the mood of the nodes of one tree."""

    def __init__(self, tree: Tree, language: Language, hits: Mapping[int, list[Hit]]) -> None:
        self.tree = tree
        self.grammar = language.grammar
        self.hits = hits

    def of(self, hit: Hit) -> Mood:
        """The mood of what `hit` evokes; a negation that is part of the expression denies nothing."""
        mood = self._of(hit)
        if (mood.by is None or mood.by.frame.mood in ("refused", "planned")) and self._bound(hit.node):
            refused = mood.name == "denied" or (mood.by is not None and mood.by.frame.mood == "refused")
            return replace(mood, name="bound" if refused else "asked", by=None)  # what must not be is told by no frame
        return replace(mood, name="done") if mood.name == "denied" and self._holds_negation(hit) else mood

    def _of(self, hit: Hit) -> Mood:
        node = hit.node
        is_verb = hit.trigger.part != "noun"
        status = self.own(node, hit.inner) if is_verb else self._of_noun(node)
        helper: Hit | None = None
        form = node
        for child, head in self.tree.up(node):
            rel = child.rel.split(":")[0]
            if rel not in _COMPLEMENTS or child.rel == "acl:relcl":
                break
            if child.rel.startswith("nsubj"):
                if head.lower in self.grammar.coming and not is_verb:
                    status = self._weaker(status, "planned")  # "the delivery is planned for May"
                own = (
                    self._weaker(status, self._of_subject(child, head)) if head.pos in VERBS and not is_verb else status
                )
                return Mood(own, helper=helper, form=form if own == status else head)
            governor = self._governor(head, hit, child)
            if governor is not None and governor.frame.mood == "through":
                helper = helper or governor
            elif governor is not None:
                mood = replace(self._under(governor, status), helper=helper, form=form)
                return replace(mood, name="offered") if self._offers(hit, mood, child) else mood
            if rel in ("obl", "nmod", "appos", "dep") and child.pos not in VERBS and governor is None:
                break  # an adjunct shares nothing of its head's mood
            if self._reports(head) and rel in ("ccomp", "parataxis", "obj"):
                return Mood(self._reported(child, head, status), helper=helper, form=form)
            if rel == "advcl" and self._one_act(hit, child, head):
                return Mood(self.own(head), helper=helper, form=head, part=True)
            above = self._through(child, head, status)
            if above != status:
                status, form = above, head if head.pos in VERBS and self.own(head) == above else child
            if rel == "advcl":
                break  # a clause of time or purpose is not governed by what governs its head
            is_verb = is_verb or head.pos in VERBS
        return Mood(status, form=form)

    def _of_subject(self, noun: Node, verb: Node) -> str:
        """What a verb makes of the event that is its subject: what an event does not do ("the raids did not stop them")
        denies no event, and what it may do under a condition that it happens ("if deliveries begin") is only possible.
        """
        status = self.own(verb)
        above = self.tree.above(verb)
        if above is not None and self._reports(above) and verb.rel in ("ccomp", "parataxis"):
            status = self._reported(verb, above, status)
        words = " ".join(n.lower for n in self.tree.nodes[verb.index : verb.index + _WORDS])
        active = noun.rel == "nsubj" and not self.grammar.event_verbs.match(words) and not self._nothing(verb)
        marks = {k.lower for k in self.tree.kids(verb, "mark")} if verb.rel == "advcl" else set()
        if marks & self.grammar.markers.get("possible", frozenset()):
            return self._weaker(status, "possible")
        return "done" if status == "denied" and active else status

    def _one_act(self, hit: Hit, child: Node, head: Node) -> bool:
        """Is an act told as the purpose of one of its own kind ("travelled to Oslo to meet the king"), and so a part of
        it? A gift to be is a promise, which is another kind.
        """
        kinds = {o.kind for name, o in hit.frame.moods.items() if name in ("done", "planned")}
        outer = (h.frame.moods.get("done") for h in self.hits.get(head.index, ()) if h.trigger.part == "verb")
        return (
            "VerbForm=Inf" in child.morph and len(kinds) == 1 and any(o is not None and o.kind in kinds for o in outer)
        )

    def _bound(self, node: Node) -> bool:
        """Is somebody said to be bound to an act ("must send", "il faut livrer"), so that it is asked for?"""
        if self._obliges(node):
            return True
        for child, head in self.tree.up(node):
            rel = child.rel.split(":")[0]
            if rel not in ("xcomp", "ccomp", "obj", "nsubj", "csubj", "acl", "dep") or child.rel == "acl:relcl":
                return False
            if rel == "ccomp" and "Tense=Past" in child.morph and "VerbForm=Fin" in child.morph:
                return False  # that it was done is what is found good
            if self._obliges(head):
                return True
            if rel not in ("xcomp", "obj"):  # another's act: who must act is not who says so
                return False
        return False

    def _obliges(self, head: Node) -> bool:
        """Does a word, one of its auxiliaries or what it is said to be bind to the act beneath it?"""
        firsts = (head, *self.tree.kids(head, "aux", "attr"))
        return any(
            self.grammar.obliging.match(" ".join(n.lower for n in self.tree.nodes[first.index : first.index + _WORDS]))
            for first in firsts
        )

    def _holds_negation(self, hit: Hit) -> bool:
        """Is a negation a part of the expression itself ("said no", "will not accept": both are to refuse)?"""
        index, trigger = hit.node.index, hit.trigger
        if any(n.lower in self.grammar.negation for n in hit.inner):
            return True  # "not fair" is to blame
        before = "".join(f"{n.lower} " for n in self.tree.nodes[max(0, index - _WORDS) : index])
        here = " ".join(n.lower for n in self.tree.nodes[index : index + _WORDS])
        found = (trigger.after.search(before) if trigger.after else None, trigger.pattern.match(here))
        return any(m is not None and self.grammar.negation.intersection(m.group().split()) for m in found)

    def _governor(self, head: Node, hit: Hit, child: Node) -> Hit | None:
        """A governing word that makes something of the act; a conjunct only shares, it does not govern."""
        if child.rel == "conj" or (child.rel == "advcl" and "VerbForm=Fin" in child.morph):
            return None
        for h in self.hits.get(head.index, ()):
            if h.frame.mood and h.frame.name != hit.frame.name:
                # an adjunct is not governed: "announced at the summit" makes no summit of the announcement
                if child.rel.split(":")[0] in ("obl", "nmod") and not self._leads(h, child):
                    continue
                ahead = h.frame.mood in ("promised", "offered", "planned")
                if ahead and child.rel == "ccomp" and self._told_past(child):
                    continue  # "confirmed that it had sent": what is past is told, not promised
                return h
        return None

    def _leads(self, governor: Hit, child: Node) -> bool:
        """Does a governing word take the act by its preposition ("agreed on deliveries", "the threat of sanctions")?"""
        if child.case in governor.trigger.markers.get("theme", ()):
            return True
        of_noun = governor.trigger.part == "noun" and governor.frame.mood in ("planned", "possible")
        return of_noun and child.case in inner_prepositions(self.grammar)

    def _offers(self, hit: Hit, mood: Mood, child: Node) -> bool:
        """Does who asks for an act want to do it ("wants to send"), where it is others who are asked for such acts?"""
        asked, offered = hit.frame.moods.get("asked"), hit.frame.moods.get("offered")
        if mood.name != "asked" or mood.by is None or not asked or not offered or asked.kind == offered.kind:
            return False
        gives = any("agent" in group for group in hit.frame.needs) and "subj" in hit.trigger.markers.get("agent", ())
        if hit.trigger.part == "noun" or not gives:  # who wants to have more, or to receive, does ask
            return False
        alone = not self.tree.kids(mood.by.node, "obj", "iobj", "obl") and not self.tree.kids(
            child, "nsubj", "mark", "case"
        )
        return child.rel == "xcomp" and "VerbForm=Inf" in child.morph and alone

    def _told_past(self, verb: Node) -> bool:
        """Is a verb in a tense of the past, told with an auxiliary?"""
        auxiliaries = [k for k in self.tree.kids(verb, "aux") if k.rel != "aux:pass"]
        return "VerbForm=Part" in verb.morph and any(self.grammar.past.search(k.lower) for k in auxiliaries)

    def _under(self, governor: Hit, status: str) -> Mood:
        """The governor's mood; its own negation or doubt passes on."""
        assert governor.frame.mood
        own = self.own(governor.node, governor.inner) if governor.trigger.part != "noun" else "done"
        if own == governor.frame.mood == "denied":
            return Mood("done", governor)  # "did not stop them from giving"
        if status == "denied" and governor.frame.mood in STATUSES:
            return Mood("denied", governor)
        if own == "denied" and governor.frame.mood in ("promised", "offered", "planned"):
            return Mood("denied", governor)
        if own == "possible" and governor.frame.mood in ("promised", "planned", "offered"):
            return Mood("possible", governor)
        return Mood(governor.frame.mood, governor)

    def _through(self, child: Node, head: Node, status: str) -> str:
        """What the status becomes one step up."""
        rel = child.rel.split(":")[0]
        if rel == "advcl" or (rel == "acl" and "VerbForm=Inf" in child.morph) or rel == "obl":
            marks = {k.lower for k in self.tree.kids(child, "mark", "aux", "case", "prep")} | (
                {child.case} if child.case else set()
            )
            for name, words in self.grammar.markers.items():
                if marks & words and (name != "planned" or "VerbForm=Inf" in child.morph):
                    return self._weaker(status, name)
            if rel == "advcl":
                return status
        if "VerbForm=Inf" in child.morph and (rel == "acl" or (rel == "xcomp" and head.pos == "AUX")):
            return self._weaker(status, "planned")  # "Berlin is to send"
        if head.pos in VERBS and rel in ("xcomp", "obj", "obl", "iobj", "attr", "pcomp", "ccomp", "conj"):
            if rel == "conj" and ("VerbForm=Fin" in child.morph or self.tree.kids(child, "aux")):
                return status  # it has a tense of its own
            return self._weaker(status, self.own(head))
        return status

    @staticmethod
    def _weaker(a: str, b: str) -> str:
        """Of two statuses the one farther from done; a denial stays one."""
        order = ("done", "planned", "possible", "denied")
        return max(a, b, key=order.index)

    def _reports(self, node: Node) -> bool:
        return node.pos in VERBS and any(p.match(node.lower) for p in self.grammar.reporting.values())

    def _reported(self, child: Node, head: Node, status: str) -> str:
        """Told after a past verb, a conditional is a future ("announced that it would help")."""
        words = [child, *self.tree.kids(child, "aux", "cop")]
        conditional = any(self.grammar.sequence_of_tenses.search(f"{w.lower}|{w.lemma}") for w in words)
        past = any(self.grammar.past.search(w.lower) for w in (head, *self.tree.kids(head, "aux")))
        return "planned" if status == "possible" and conditional and past else status

    def _of_noun(self, noun: Node) -> str:
        """What its adjectives and relative clauses say of an event ("a summit planned for May", "talks that will be
        held").
        """
        status = "done"
        for kid in self.tree.kids(noun, "amod", "acl", "compound"):
            if kid.lower in self.grammar.coming:
                status = self._weaker(status, "planned")
            elif kid.rel == "amod" and (said := self._adjective(kid)):
                status = self._weaker(status, said)
            elif kid.rel.startswith("acl") and kid.pos in VERBS and self.grammar.event_verbs.match(kid.lower):
                status = self._weaker(status, self.own(kid))
        return status

    def _adjective(self, kid: Node) -> str:
        """The status that an adjective gives its noun ("a possible summit"), if any."""
        moods = (h.frame.mood for h in self.hits.get(kid.index, ()) if h.trigger.part == "adj")
        return next((m for m in moods if m in ("planned", "possible")), "")

    def own(self, node: Node, inner: Sequence[Node] = ()) -> str:
        """The status by the word's own form, its auxiliaries and its negation, unless that is one of the `inner` words
        of an expression ("no longer suffices").
        """
        words = [node, *self.tree.kids(node, "aux", "cop")]
        inside = {n.index for n in inner}
        if any(
            k.lower in self.grammar.negation and k.index not in inside
            for k in self.tree.kids(node, "advmod", "neg", "det", "dep", "fixed", "cc")
        ) or self._nothing(node):
            return "denied"
        if self._to_come(node):
            return "planned"
        for status, pattern in self.grammar.forms.items():
            if any(pattern.search(f"{w.lower}|{w.lemma}") for w in words if w.pos in (*VERBS, "ADJ")):
                return status
        return "done"

    def _to_come(self, node: Node) -> bool:
        """Is it the infinitive by which a headline tells what is to come ("Oslo to send tanks")?"""
        marks = {k.lower for k in self.tree.kids(node, "aux", "mark")}
        infinitive = node.head < 0 and "VerbForm=Inf" in node.morph and bool(self.tree.kids(node, "nsubj"))
        return infinitive and bool(marks & self.grammar.markers.get("planned", frozenset()))

    def _nothing(self, node: Node) -> bool:
        """A negated object or subject ("received no shells", "aucune aide n'est arrivée")."""
        kids = [one for kid in self.tree.kids(node, "obj", "nsubj") for one in (kid, *self.tree.kids(kid, "conj"))]
        return any(d.lower in self.grammar.negation for k in kids for d in self.tree.kids(k, "det", "advmod", "cc"))
