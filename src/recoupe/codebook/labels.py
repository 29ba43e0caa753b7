"""What kinds, roles and things are called where people read: `labels.yaml` of each language, where it is there.

Labels decide nothing of what is read, so they are no part of a codebook's edition. What has no label goes by the first
name that the language has for it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from recoupe.codebook.chains import ChainRules
from recoupe.codebook.files import Files
from recoupe.codebook.kinds import Kind
from recoupe.codebook.names import LEVELS, Names

FILE = "labels.yaml"
_NAMED = frozenset({"actor", "person", "place", "item"})


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of kinds, of roles, of levels of meetings, and of actors, places and items, by id; and the words of
    chains, by those in chains.yaml.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    chains: Mapping[str, str] = field(default_factory=dict)


def load_labels(
    files: Files, langs: Sequence[str], kinds: Mapping[str, Kind], names: Names, chains: ChainRules
) -> dict[str, Labels]:
    """The labels of each language; mistakes are noted in `files`."""
    return {lang: _labels(files, lang, kinds, names, chains) for lang in langs}


def _labels(files: Files, lang: str, kinds: Mapping[str, Kind], names: Names, chains: ChainRules) -> Labels:
    parts: dict[str, dict[str, str]] = {}
    if (files.folder / lang / FILE).is_file():
        nodes = files.yaml(f"{lang}/{FILE}").fields("kinds", "roles", "levels", "names", "chains")
        known: Mapping[str, Container[str]] = {
            "kinds": kinds,
            "roles": {role for kind in kinds.values() for role in kind.roles},
            "levels": LEVELS,
            "names": _Ids(names),
            "chains": {link.words for link in chains.links}
            | {step.open for step in chains.steps.values() if step.open},
        }
        for what, node in nodes.items():
            parts[what] = {}
            for id_, label in node.items():
                parts[what][id_] = label.text().strip()
                if id_ not in known[what]:
                    label.mistake(f"unknown id {id_!r} in {what}")
                elif not parts[what][id_]:
                    label.mistake(f"expected a name for {id_!r}, found nothing")
    given = parts.get("names", {})
    first = {id_: form for id_, form in _first_names(names, lang).items() if id_ not in given}
    return Labels(names=first | given, **{what: labels for what, labels in parts.items() if what != "names"})


class _Ids:
    """Every id that can have a name."""

    def __init__(self, names: Names) -> None:
        self._among = (
            names.capitals, names.organisations, names.people, names.places, names.members, names.parents,
            {sense.id for words in names.words.values() for senses in words.values() for sense in senses},
        )  # fmt: skip

    def __contains__(self, id_: object) -> bool:
        return any(id_ in known for known in self._among)


def _first_names(names: Names, lang: str) -> dict[str, str]:
    """The first form of each thing that is its name, not one that only stands for it."""
    found: dict[str, str] = {}
    for form, senses in names.words[lang].items():
        for sense in senses:
            if sense.how == "name" and sense.type in _NAMED:
                found.setdefault(sense.id, form)
    return found
