"""Measures the cleaner: how much of an article it keeps, how much of the page around it, and how fast. Prints tables of
`docs/benchmarks.md`; writes nothing.

    make bench-pages        or: python bench/pages_bench.py [--shared DIR] [--errors N]

`--shared` is the folder of sample pages (default: `shared` beside the repository). `--errors` lists the N worst pages.

Two sets: the article-extraction benchmark of Scrapinghub (181 English pages with their article's text), scored as that
benchmark scores, by shared runs of four words, each page counting alike; and trafilatura's evaluation pages in French
and English, with segments that an extractor should give (wanted) or leave out (unwanted). A page is given to the
cleaner as HTML, and as the plain text that resiliparse makes of the HTML, with which all markup is lost. The title,
which the gold texts of the first set leave out, is not counted in ours; peers give what they give.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path

import justext
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from printed import busy, machine, print_table, timed
from recoupe.clean import clean
from recoupe.codebook import default_codebook
from recoupe.errors import PageError
from recoupe.load import make_page
from recoupe.model import Page, Report
from recoupe.publish.reports import text_start

REPOSITORY = Path(__file__).parents[1]
TOKEN = re.compile(r"\w+")
RUN = 4  # words, as in the benchmark
LONG = 12  # words of a line that the simplest peer keeps
ENDS = (".", "!", "?", "…", '"', "”", "»", "'", "’")
LANGUAGES = {"fr": "French", "en": "English"}

Extractor = Callable[["Sample"], str]


@dataclass(frozen=True)
class Sample:
    """A page of a set: its address, its HTML, and what its gold says."""

    key: str
    url: str
    data: bytes
    body: str = ""
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    lang: str = "en"
    unseen: bool = False
    """Was the page held out when `learn_run.py` learned from its set?"""

    @cached_property
    def page(self) -> Page:
        """The page as the program loads it."""
        return make_page(self.key, self.data, {"url": self.url}, "html")

    @cached_property
    def text(self) -> str:
        """The page as plain text, its markup lost."""
        return str(extract_plain_text(self.page.text, main_content=False))


def main() -> None:
    """Prints every table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--shared", type=Path, default=REPOSITORY.parent / "shared")
    options.add_argument("--errors", type=int, default=0)
    given = options.parse_args()
    folder = given.shared / "data" / "maintext"
    if not folder.is_dir():
        raise SystemExit(f"{folder}: no such folder; there is nothing to measure on")
    print(f"{date.today()}, {machine()}. {busy()}")
    bodies = list(scrapinghub(folder / "scrapinghub"))
    print_table(f"Article text of {len(bodies)} English pages, by runs of {RUN} words", body_rows(bodies))
    segments = list(segmented(folder / "trafilatura-fr-en"))
    for lang, name in LANGUAGES.items():
        mine = [s for s in segments if s.lang == lang]
        print_table(f"Segments of {len(mine)} {name} pages", segment_rows(mine))
    print_table("Pages a second, one process", speed_rows(bodies))
    for name in ("Recoupe, from text", "Recoupe, from HTML")[: 2 * bool(given.errors)]:
        worst = sorted((shares(s.body, EXTRACTORS[name](s)), s.key) for s in bodies)[: given.errors]
        rows = [(k[:12], *(f"{value:.2f}" for value in v)) for v, k in worst]
        print_table(f"Worst: {name}", [("page", "right", "too much", "missed"), *rows])


# The extractors


def _all(sample: Sample) -> str:
    return sample.text


def _long_lines(sample: Sample) -> str:
    lines = (line.strip() for line in sample.text.split("\n"))
    return "\n".join(line for line in lines if len(line.split()) >= LONG and line.endswith(ENDS))


def _justext(sample: Sample) -> str:
    source = "".join(f"<p>{escape(line)}</p>" for line in sample.text.split("\n") if line.strip())
    words = justext.get_stoplist(LANGUAGES[sample.lang])
    found = justext.justext(f"<html><body>{source}</body></html>", words) if source else ()
    return "\n".join(p.text for p in found if not p.is_boilerplate)


def _trafilatura(sample: Sample) -> str:
    return trafilatura.extract(sample.page.text) or ""


def _trafilatura_bare(sample: Sample) -> str:
    return trafilatura.extract(sample.page.text, include_comments=False) or ""


def _ours(page: Page) -> str:
    report = cleaned(page)
    return "" if report is None else report.text[text_start(report) :]


def cleaned(page: Page) -> Report | None:
    """The report of a page, or None where it has no article."""
    try:
        return clean(page, default_codebook().furniture)
    except PageError:
        return None


EXTRACTORS: Mapping[str, Extractor] = {
    "everything": _all,
    f"lines of {LONG} words or more that end a sentence": _long_lines,
    "justext over the lines": _justext,
    "Recoupe, from text": lambda s: _ours(Page.of(s.key, s.text, (("url", s.url),))),
    "trafilatura, as it comes": _trafilatura,
    "trafilatura, without comments": _trafilatura_bare,
    "Recoupe, from HTML": lambda s: _ours(s.page),
}
FROM_TEXT = tuple(EXTRACTORS)[:4]
LEARNED = "Recoupe, from text"


# Article text


def scrapinghub(folder: Path) -> Iterator[Sample]:
    """The benchmark's pages; they come as UTF-8."""
    for key, gold in json.loads((folder / "ground-truth.json").read_text(encoding="utf-8")).items():
        data = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
        yield Sample(key, gold["url"], data, gold["articleBody"], unseen=int(key[0], 16) % 2 == 1)


def runs_of(text: str) -> Counter[tuple[str, ...]]:
    """How often each run of words stands in a text; a shorter text is one run."""
    words = TOKEN.findall(text)
    return Counter(tuple(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1)))


def shares(gold: str, found: str) -> tuple[float, float, float]:
    """Of the runs of both texts together: the share of those in both, in what was found alone, in the gold alone."""
    want, have = runs_of(gold), runs_of(found)
    counts = ((want & have).total(), (have - want).total(), (want - have).total())
    whole = sum(counts)
    return (counts[0] / whole, counts[1] / whole, counts[2] / whole) if whole else (0.0, 0.0, 0.0)


def body_rows(samples: Sequence[Sample]) -> Iterator[Sequence[str]]:
    """A row an extractor: F1, precision and recall over the pages; and ours over those that it did not learn from."""
    yield "extractor", "given", "F1", "precision", "recall"
    for name, extract in EXTRACTORS.items():
        yield name, "text" if name in FROM_TEXT else "HTML", *body_scores(samples, extract)
    unseen = [s for s in samples if s.unseen]
    yield f"{LEARNED}, {len(unseen)} pages held out", "text", *body_scores(unseen, EXTRACTORS[LEARNED])


def body_scores(samples: Sequence[Sample], extract: Extractor) -> tuple[str, str, str]:
    """F1, precision and recall."""
    found = [shares(s.body, extract(s)) for s in samples]
    right, over, missed = (sum(column) for column in zip(*found, strict=True))
    precision, recall = right / (right + over), right / (right + missed)
    return f"**{2 * precision * recall / (precision + recall):.3f}**", f"{precision:.3f}", f"{recall:.3f}"


# Segments


def segmented(folder: Path) -> Iterator[Sample]:
    """Trafilatura's evaluation pages that are here; some are in other languages than their set says."""
    told = json.loads((folder / "evaldata.json").read_text(encoding="utf-8")).items()
    here = [(url, gold) for url, gold in told if (folder / "html" / f"{gold['file']}.gz").exists()]
    for n, (url, gold) in enumerate(here):
        data = gzip.decompress((folder / "html" / f"{gold['file']}.gz").read_bytes())
        segments = (tuple(gold["with"]), tuple(gold["without"]))
        yield Sample(gold["file"], url, data, "", *segments, gold["lang"], unseen=n % 2 == 1)


def segment_rows(samples: Sequence[Sample]) -> Iterator[Sequence[str]]:
    """A row an extractor: the wanted segments that it gives, the unwanted ones that it leaves out, and the F1."""
    counts = (
        f"wanted ({_all_of(s.wanted for s in samples)}) given",
        f"unwanted ({_all_of(s.unwanted for s in samples)})",
    )
    yield "extractor", "given", counts[0], f"{counts[1]} left out", "F1"
    for name, extract in EXTRACTORS.items():
        yield name, "text" if name in FROM_TEXT else "HTML", *segment_scores(samples, extract)
    unseen = [s for s in samples if s.unseen]
    yield f"{LEARNED}, {len(unseen)} pages held out", "text", *segment_scores(unseen, EXTRACTORS[LEARNED])


def segment_scores(samples: Sequence[Sample], extract: Extractor) -> tuple[str, str, str]:
    """The share of the wanted segments that is given, that of the unwanted ones left out, and the F1."""
    texts = [one_line(extract(s)) for s in samples]
    given = sum(held(text, s.wanted) for text, s in zip(texts, samples, strict=True))
    over = sum(held(text, s.unwanted) for text, s in zip(texts, samples, strict=True))
    wanted, unwanted = _all_of(s.wanted for s in samples), _all_of(s.unwanted for s in samples)
    return f"{given / wanted:.3f}", f"{1 - over / unwanted:.3f}", f"**{2 * given / (given + over + wanted):.3f}**"


def _all_of(segments: Iterable[Sequence[str]]) -> int:
    return sum(map(len, segments))


def held(text: str, segments: Iterable[str]) -> int:
    """How many of the segments stand in a text, white space apart."""
    return sum(one_line(segment) in text for segment in segments)


def one_line(text: str) -> str:
    """A text with single spaces for all its white space."""
    return " ".join(text.split())


# Speed


def speed_rows(samples: Sequence[Sample]) -> Iterator[Sequence[str]]:
    """Rows: pages a second, and how long each takes for every second that trafilatura takes."""
    for sample in samples:
        sample.page.text, sample.text  # noqa: B018 (decoding is not what is measured)
    names = ("trafilatura, as it comes", "Recoupe, from HTML", "Recoupe, from text")
    seconds = {name: min(timed(lambda f=EXTRACTORS[name]: [f(s) for s in samples]) for _ in range(2)) for name in names}
    yield "extractor", "pages a second", "time, trafilatura's = 1"
    for name in names:
        yield name, f"{len(samples) / seconds[name]:.0f}", f"{seconds[name] / seconds[names[0]]:.2f}"


if __name__ == "__main__":
    main()
