"""How a language tells the measures that a codebook asks for: `LANG/measures.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recoupe.codebook.files import Files, Node
from recoupe.codebook.patterns import either
from recoupe.codebook.timephrases import ANY, Slot, compile_phrase


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure in one language: its phrases, with the slots {n} and {unit}, and what each unit multiplies by."""

    name: str
    phrases: tuple[str, ...]
    units: Mapping[str, Fraction]

    def pattern(self, phrase: str, number: str) -> str:
        """The regular expression of a phrase, where `number` is that of a number; its groups are n__1 and unit__1."""
        return compile_phrase(phrase, {"n": Slot(number, ANY), "unit": Slot(either(self.units), ANY)}).regex


def load_measures(files: Files, lang: str, measures: Sequence[str]) -> tuple[Measure, ...]:
    """The measures of a codebook as a language tells them; a codebook without any needs no file for them."""
    if not measures:
        return ()
    root = files.yaml(f"{lang}/measures.yaml").fields(*measures, need=tuple(measures))
    return tuple(_measure(name, node) for name, node in root.items())


def _measure(name: str, node: Node) -> Measure:
    parts = node.fields("say", "units", need=("say",))
    units = {unit: _factor(spec) for unit, spec in parts["units"].items()}
    measure = Measure(name, parts["say"].texts(), units)
    for spec in parts["say"].list():
        if "{n}" not in spec.text() or ("{unit}" in spec.text() and not units):
            spec.mistake(f"expected a phrase with {{n}}, and {{unit}} only beside units, found {spec.text()!r}")
            continue
        try:
            measure.pattern(spec.text(), r"\d")
        except ValueError as error:
            spec.mistake(str(error))
    return measure


def _factor(node: Node) -> Fraction:
    try:
        factor = Fraction(node.text())
    except (ValueError, ZeroDivisionError):
        factor = Fraction(0)
    if factor <= 0:
        node.mistake(f"expected what the unit multiplies by, found {node.text()!r}")
    return factor
