"""Charts: Vega makes SVG of them here, without a network, and what comes out is made fit for the desk's pages.

The pages allow no inline styles and have two themes: colours are put in as marks that stand for classes, which the
style sheet colours; and what the chart says to eyes it says in words as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    import altair as alt

SERIES = 8
"""Series that have a colour of their own; all others share one."""
_SVG, _LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_GRID, _AXIS, _INK = "#00aa01", "#00aa02", "#00aa03"
_CLASSES = {_GRID: "grid", _AXIS: "axis", _INK: "ink"}
_HOST = "https://desk.invalid"  # Vega takes addresses without a host for those of its own examples
_FONT = "sans-serif"
_KEPT = frozenset(
    {"x", "y", "x1", "x2", "y1", "y2", "d", "transform", "width", "height", "text-anchor", "font-size", "opacity", "rx"}
    | {"stroke-width", "stroke-dasharray", "stroke-miterlimit", "viewBox", "fill-opacity", "display", "font-weight"}
)
_LOCALES: Mapping[str, Any] = {"fr": "fr-FR", "en": "en-GB"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def colour(series: int) -> str:
    """The mark for the class of a series, from 0; those after the last that has a colour share one."""
    return f"#00bb{min(series, SERIES):02}"


def linked(address: str) -> str:
    """What stands in a chart for an address of the desk (`/?kind=attack`); links to elsewhere are left out."""
    return _HOST + address


def scale(count: int) -> alt.Scale:
    """The scale that gives series, by their numbers, their marks."""
    import altair as alt  # it takes its time to load: not before a chart is drawn

    return alt.Scale(domain=list(range(count)), range=[colour(n) for n in range(count)])


def svg(chart: alt.TopLevelMixin, title: str, description: str, lang: str) -> str:
    """The chart as SVG to stand in a page: without styles, colours, sizes or scripts of its own. Its links are not
    stepped through with the keyboard: the table beside a chart has the same ones.
    """
    import vl_convert  # as above

    spec = chart.to_dict(validate=False)
    spec["config"] = spec.get("config", {}) | _config()
    made = vl_convert.vegalite_to_svg(
        spec, allowed_base_urls=[], time_format_locale=_LOCALES.get(lang), format_locale=_LOCALES.get(lang)
    )
    root = ElementTree.fromstring(_CONTROL.sub("", made))
    _clean(root)
    for child in [c for c in root if c.tag == f"{{{_SVG}}}rect"]:
        root.remove(child)  # the background: the page has one
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    root.set("class", "chart")
    root.set("role", "group")
    root.set("aria-label", title)
    for name, text in (("desc", description), ("title", title)):
        element = ElementTree.Element(f"{{{_SVG}}}{name}")
        element.text = text
        root.insert(0, element)
    ElementTree.register_namespace("", _SVG)
    return _CONTROL.sub("", ElementTree.tostring(root, encoding="unicode"))


def _config() -> dict[str, Any]:
    """How all charts look."""
    axis = {
        "gridColor": _GRID, "domainColor": _AXIS, "tickColor": _AXIS, "labelColor": _INK, "titleColor": _INK,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelFont": _FONT, "titleFont": _FONT,
    }  # fmt: skip
    return {"axis": axis, "view": {"stroke": None}, "background": None, "font": _FONT}


def _clean(element: ElementTree.Element) -> None:
    """Keeps shapes and links, and of their attributes those that say where they are."""
    for child in list(element):
        if not child.tag.startswith(f"{{{_SVG}}}") or _nothing(child):
            element.remove(child)
            continue
        _clean(child)
    classes = [found for name in ("fill", "stroke") if (found := _class(name, element.get(name)))]
    link = element.get(f"{{{_LINK}}}href") or element.get("href")
    label = element.get("aria-label") if element.get("role") == "graphics-symbol" and not len(element) else None
    kept = {name: value for name, value in element.attrib.items() if name in _KEPT}
    element.attrib.clear()
    element.attrib.update(kept)
    if classes:
        element.set("class", " ".join(classes))
    if element.tag == f"{{{_SVG}}}a" and link is not None and link.startswith(f"{_HOST}/"):
        element.set("href", link.removeprefix(_HOST))
        element.set("tabindex", "-1")
    if label is not None:
        title = ElementTree.SubElement(element, f"{{{_SVG}}}title")
        title.text = label


def _nothing(element: ElementTree.Element) -> bool:
    """Is it a path that draws nothing, or what only a script would use?"""
    if element.get("display") == "none":
        return True
    path = element.tag == f"{{{_SVG}}}path"
    return path and (element.get("d") or "") in ("", "M0,0h0v0h0Z")


def _class(name: str, value: str | None) -> str:
    """The class for a colour: `f-` of a fill, `s-` of a stroke."""
    if value is None:
        return ""
    sort = "f" if name == "fill" else "s"
    if value in ("none", "transparent"):
        return f"{sort}-none"
    if value.startswith("#00bb"):
        return f"{sort}-k{int(value[5:])}"
    return f"{sort}-{_CLASSES.get(value, 'ink')}"


def series_of(kinds: Sequence[tuple[str, int]]) -> Mapping[str, int]:
    """The number of the series that each kind is drawn in, the most frequent first; where there are more kinds than
    colours, the rest are in one.
    """
    most = SERIES if len(kinds) <= SERIES else SERIES - 1
    return {kind: min(n, most) for n, (kind, _) in enumerate(kinds)}
