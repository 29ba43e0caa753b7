"""How sure an entry is, in the reader's language: what `publish.confidence` counts, put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from recoupe.publish.confidence import Sure
from recoupe.web.wording import Wording

_MOST = 4  # names in one list; the rest are counted


def said(sure: Sure, types: Mapping[str, str], w: Wording) -> str:
    """The words; `types` are those of the entry's fields."""
    parts = [_origins(sure, w), _parties(sure, w), _attributed(sure, w), _status(sure, w), _contested(sure, types, w)]
    return w.t("sure.and").join(part for part in parts if part)


def names(ids: Iterable[str], w: Wording) -> str:
    """Names side by side; of many the first, and how many more."""
    told = [w.name(id_) for id_ in ids]
    if len(told) > _MOST:
        told = [*told[: _MOST - 1], w.t("many.more", n=len(told) - _MOST + 1)]
    return w.listed(told)


def _origins(sure: Sure, w: Wording) -> str:
    count = len(sure.origins)
    whose = names(sure.origins, w)
    text = w.t("sure.word" if sure.word else "sure.origins", n=count, names=whose)
    return text + (w.t("sure.told_in", n=sure.reports) if sure.reports > count else "")


def _parties(sure: Sure, w: Wording) -> str:
    return w.t("sure.parties", n=sure.parties) if sure.parties else ""


def _attributed(sure: Sure, w: Wording) -> str:
    if not sure.giving:
        return w.t("sure.own_words", n=sure.reports)
    if sure.word:
        return ""
    whose = names(sure.speakers, w)
    if sure.giving == sure.reports:
        return w.t("sure.all_give", n=sure.reports, names=whose)
    return w.t("sure.some_give", n=sure.giving, reports=w.number(sure.reports), names=whose)


def _status(sure: Sure, w: Wording) -> str:
    parts = [] if sure.status == "done" else [w.t(f"sure.status.{sure.status}")]
    return ", ".join([*parts, *(w.t(f"sure.aside.{status}", n=count) for status, count in sure.otherwise)])


def _contested(sure: Sure, types: Mapping[str, str], w: Wording) -> str:
    def value(field: str, text: str) -> str:
        if field == "status":
            return w.status(text)
        return w.when(text) if field == "time" else w.value(text, types.get(field))

    fields = [
        w.t("sure.field", field=w.role(field), values=" ≠ ".join(value(field, text) for text in values))
        for field, values in sure.contested
    ]
    return w.t("sure.contested", fields=", ".join(fields)) if fields else ""
