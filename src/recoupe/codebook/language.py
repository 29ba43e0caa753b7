"""What a codebook says of one language: the words, the grammar, the numbers and times that reading needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recoupe.codebook.files import Files
from recoupe.codebook.kinds import Frame
from recoupe.codebook.lexicon import Grammar, Lexicon, Numbers, load_grammar, load_lexicon, load_numbers
from recoupe.codebook.measures import Measure, load_measures
from recoupe.codebook.times import TimeWords, load_times


@dataclass(frozen=True)
class Language:
    """What the codebook says of one language."""

    code: str
    grammar: Grammar
    lexicon: Lexicon
    numbers: Numbers
    times: TimeWords
    measures: tuple[Measure, ...] = ()


def load_languages(
    files: Files, langs: Sequence[str], frames: Mapping[str, Frame], measures: Sequence[str]
) -> dict[str, Language]:
    """What the files of each language say, by its code; mistakes are noted in `files`."""
    return {
        lang: Language(
            lang, load_grammar(files, lang), load_lexicon(files, lang, frames), load_numbers(files, lang),
            load_times(files, lang), load_measures(files, lang, measures),
        )
        for lang in langs
    }  # fmt: skip
