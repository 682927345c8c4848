"""Composes invented stories out of sentences, so that no two files read alike. Pure, and the same for a seed."""

from random import Random
from types import ModuleType

from portal.demo.words import english, spanish

WORDS: dict[str, ModuleType] = {"en": english, "es": spanish}
_PRONOUNS = {
    "f": {"she": "she", "She": "She", "her": "her", "them": "her", "a": "a"},
    "m": {"she": "he", "She": "He", "her": "his", "them": "him", "a": "o"},
}


def called(name: str, pronoun: str, locale: str) -> str:
    """How people speak of an educator: "Ms. Okonkwo", "la maestra Okonkwo"; one with a single name by that."""
    words = name.replace("Dr. ", "").split()
    if len(words) == 1:
        return words[0]
    last = words[-2] if words[-1] in ("III", "Jr.") else words[-1]
    if locale == "es":
        return f"{'la maestra' if pronoun == 'f' else 'el maestro'} {last}"
    return f"{'Ms.' if pronoun == 'f' else 'Mr.'} {last}"


def story(rng: Random, locale: str, group: str, name: str, pronoun: str, subject: str) -> str:
    """One moment: an opening by who tells it, what was hard, what the educator did, what changed. 40 to 120 words."""
    words = WORDS[locale]
    deeds = rng.sample(words.DEED, 2)
    parts = [rng.choice(words.OPENING[group]), rng.choice(words.NEED), deeds[0], rng.choice(words.CHANGE)]
    if rng.random() < 0.7:
        parts.insert(3, deeds[1])
    if rng.random() < 0.8:
        parts.append(rng.choice(words.MORE))
    return _filled(" ".join(parts), name, pronoun, locale, subject)


def together(rng: Random, locale: str, name: str, pronoun: str) -> str:
    """How the educator works with others: a sentence, or nothing."""
    if rng.random() < 0.45:
        return ""
    return _filled(rng.choice(WORDS[locale].TOGETHER), name, pronoun, locale, "")


def _filled(text: str, name: str, pronoun: str, locale: str, subject: str) -> str:
    spoken = called(name, pronoun, locale)
    filled = text.format(name=spoken, subject=subject[:1].lower() + subject[1:], **_PRONOUNS[pronoun])
    return filled[:1].upper() + filled[1:]
