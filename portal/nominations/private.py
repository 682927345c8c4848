"""Finds what a story about a child should not tell: grades, health, discipline. Pure; it advises the writer, no more.

The lists are short on purpose: words that seldom mean anything else, in English and Spanish. A file is read by a panel,
so what stands in it about a child leaves the family's hands; the form asks for none of it and says so when it sees it.
"""

import re
from collections.abc import Iterable

from portal.core.names import fold

KINDS = ("grades", "health", "discipline")
_PATTERNS = {
    "grades": (
        r"gpa", r"grade point average", r"straight (?:a|c|d|f)s?", r"failing grades?", r"report cards?",
        r"honor roll", r"(?:failed|failing|flunked) (?:math|algebra|english|science|history|reading|the class)",
        r"(?:got|had|has|with|earned|received) (?:an?|all) (?:[abcdf] (?:plus|minus|in|on|average)|[bcdf]s)",
        r"sat scores?", r"test scores? of \d+", r"promedio de \d+", r"calificacion(?:es)? de \d+",
        r"reprob(?:o|aba|ado|ada)", r"boleta de calificaciones", r"saco (?:un|una) (?:\d+|f|d)",
    ),
    "health": (
        r"adhd", r"autis\w*", r"dyslexi\w*", r"dyscalculia", r"diagnos\w+", r"medicat\w+", r"depress(?:ion|ed)",
        r"anxiety disorder", r"epilep\w+", r"diabet\w+", r"asthma\w*", r"cancer", r"leukemia", r"in therapy",
        r"therapist", r"suicid\w+", r"self harm\w*", r"eating disorder", r"hospitaliz\w+", r"iep", r"504 plan",
        r"special needs", r"tdah", r"dislexi\w+", r"medicamentos?", r"depresion", r"ansiedad", r"terapia", r"asma",
        r"necesidades especiales",
    ),
    "discipline": (
        r"suspended", r"(?:in|out of) school suspension", r"expelled", r"expulsion", r"detention",
        r"juvenile (?:court|hall|detention)", r"arrested", r"probation", r"disciplinary",
        r"kicked out of (?:school|class)", r"suspendid\w+", r"expulsad\w+", r"castigad\w+", r"arrestad\w+",
        r"libertad condicional",
    ),
}  # fmt: skip
_FOUND = {kind: re.compile(rf"\b(?:{'|'.join(parts)})\b") for kind, parts in _PATTERNS.items()}


def private_words(texts: Iterable[str]) -> dict[str, list[str]]:
    """kind ("grades", "health", "discipline") -> the words that were found, each once, in the order of the text.

    The words come folded (no case, accents or signs). Empty when nothing was found.
    """
    text = " \n ".join(fold(each) for each in texts if each)
    found = {
        kind: list(dict.fromkeys(match.group() for match in pattern.finditer(text))) for kind, pattern in _FOUND.items()
    }
    return {kind: words for kind, words in found.items() if words}
