"""The words by which a school is found, abbreviations understood both ways: "ES", "Elem", "N. Atlanta HS". Pure."""

from portal.core.school_names import SHORT, long_words, read_words, written_words

__all__ = ["leaders", "long_words", "search_words", "sense", "written_words"]

_SILENT = {"the", "of", "school", "schools"}  # say nothing about which school is meant
# The short forms that are not the beginning of their long word, with that word as it stands between spaces.
_ALSO = {
    short: f" {longer.removesuffix(' school')} " for short, longer in SHORT.items() if not longer.startswith(short)
}
# Words that very many schools have: a search begins at another word when there is one.
COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "at",
        "for",
        "school",
        "schools",
        "elementary",
        "middle",
        "high",
        "academy",
        "charter",
        "primary",
        "junior",
        "senior",
        "intermediate",
        "center",
        "county",
        "public",
        "community",
        "magnet",
        "preparatory",
        "escuela",
        "primaria",
        "secundaria",
        "es",
        "ms",
        "hs",
    ]
)


def sense(name: str | None) -> str:
    """What a name means, abbreviations and "School" making no difference: "Maynard HS" and "Maynard High School"."""
    words = long_words(name)
    return " ".join(word for word in words if word not in _SILENT) or " ".join(words)


def search_words(*texts: str | None) -> list[str]:
    """Every word by which a school of this name (level, city) is found, as written, written out and abbreviated."""
    read = [read_words(text) for text in texts]
    words = {word for pair in read for part in pair for word in part}
    spelled = f" {' | '.join(' '.join(longer) for _written, longer in read)} "
    words |= {short for short, telling in _ALSO.items() if telling in spelled}
    return sorted(word[:60] for word in words)


def leaders(words: list[str]) -> list[str]:
    """The one or two words at which a search begins: the longest that are not (the beginning of) very common ones."""
    rare = [word for word in words if not any(common.startswith(word) for common in COMMON)]
    return sorted(rare, key=len, reverse=True)[:2] or [max(words, key=len)]
