"""What real programs get and neat examples leave out, put into the demo's year on purpose. Pure."""

from collections.abc import Callable
from dataclasses import replace

from portal.core.names import fold
from portal.demo.script import Educator, Script, Voice, address
from portal.demo.words import english, names, spanish

STUFFING = "mail.example"  # where the made-up supporters of one educator have their addresses
SUPPORTERS = (
    ("Al Carter", "Truly."), ("Bea Carter", "Please choose well."), ("Cal Carter", "Thank you all."),
    ("Dee Carter", "It is so deserved."), ("Ed Carter", "Yes."),
)  # fmt: skip


def with_awkward_cases(script: Script, educators: list[Educator]) -> list[Educator]:
    """The same year with one-word stories, other spellings, children, relatives alone, the educators themselves."""
    changed = list(educators)
    for at, (change, start, step, count) in enumerate(_CHANGES):
        for number in range(count):
            place = (start + number * step + at) % len(changed)
            changed[place] = change(script, changed[place], number)
    return changed


def _first(educator: Educator, **values: object) -> Educator:
    voices = educator.voices
    return replace(educator, voices=(replace(voices[0], **values), *voices[1:]))  # type: ignore[arg-type]


def _short_story(_script: Script, educator: Educator, number: int) -> Educator:
    first = educator.voices[0]
    words = (spanish if first.locale == "es" else english).SHORT
    return _first(educator, story=words[number % len(words)], with_others="")


def _spelled_otherwise(script: Script, educator: Educator, number: int) -> Educator:
    """Somebody writes the same name without accents and in capitals (joined by itself), or shortens the school."""
    extra = script.voice(educator)
    school = extra.written_school
    written: tuple[Callable[[], Voice], ...] = (
        lambda: replace(extra, written_name=f"Ms. {fold(educator.name).upper()}" if educator.pronoun == "f" else
                        f"MR {educator.name.upper()}", proven=True),
        lambda: replace(extra, written_school=school.replace(" Elementary School", " Elem.").replace(
            "Middle School", "MS").replace("High School", "HS").replace("Academy", "Acad."), proven=True),
        lambda: replace(extra, written_name=f"  {educator.name.lower()} ", written_school=school.upper(), proven=True),
    )  # fmt: skip
    return replace(educator, voices=(*educator.voices, written[number % 3]()))


def _for_a_child(script: Script, educator: Educator, number: int) -> Educator:
    child = replace(script.voice(educator, "current_student"), child=names.CHILDREN[number % len(names.CHILDREN)])
    return replace(educator, voices=(*educator.voices, child))


def _alone_with_self(script: Script, educator: Educator, _number: int) -> Educator:
    own = script.voice(educator, "self")
    return replace(educator, voices=(replace(own, name=educator.name, email=educator.email, proven=True),))


def _self_and_others(script: Script, educator: Educator, number: int) -> Educator:
    alone = _alone_with_self(script, educator, number)
    return replace(alone, voices=(*alone.voices, replace(script.voice(educator), proven=True)))


def _only_family(script: Script, educator: Educator, _number: int) -> Educator:
    voice = script.voice(educator, "family_current")
    return replace(educator, voices=(replace(voice, relation="relative", tie="her brother", proven=True),))


def _no_school(_script: Script, educator: Educator, number: int) -> Educator:
    """The school was left out, or is not in the directory."""
    typed = ("", "the new school by the airport", "", "Little Oaks Learning Village")[number % 4]
    voices = tuple(replace(v, written_school=typed) for v in educator.voices[:2])
    return replace(educator, place=None, voices=voices)


def _other_position(_script: Script, educator: Educator, number: int) -> Educator:
    return replace(educator, position=("counselor", "coach", "support")[number % 3])


def _unproven(_script: Script, educator: Educator, _number: int) -> Educator:
    return replace(educator, voices=tuple(replace(v, proven=False) for v in educator.voices[:2]))


def _same_writer_twice(_script: Script, educator: Educator, _number: int) -> Educator:
    """A double: the second one is kept apart as a draft, and its writer can't tell."""
    first = replace(educator.voices[0], proven=True, withdrawn=False)
    again = replace(first, at=min(0.98, first.at + 0.05), story=first.story + " I forgot to say that.")
    return replace(educator, voices=(first, *educator.voices[1:], again))


def _stuffed(_script: Script, educator: Educator, _number: int) -> Educator:
    """Somebody sends one text under many names: what fair play shows to a person."""
    first = replace(educator.voices[0], group="community", relation="community_partner", withdrawn=False)
    copies = (
        replace(
            first, name=name, email=f"supporter{at:02}@{STUFFING}", story=f"{first.story} {more}", proven=at % 2 > 0
        )
        for at, (name, more) in enumerate(SUPPORTERS)
    )
    return replace(educator, voices=(*educator.voices, *copies))


# (what, which educator first, how far to the next one, how many)
_CHANGES: tuple[tuple[Callable[[Script, Educator, int], Educator], int, int, int], ...] = (
    (_alone_with_self, 20, 29, 3),
    (_self_and_others, 24, 31, 2),
    (_only_family, 28, 33, 2),
    (_no_school, 17, 19, 4),
    (_other_position, 31, 13, 5),
    (_unproven, 45, 11, 5),
    (_short_story, 13, 8, 6),
    (_spelled_otherwise, 0, 7, 9),
    (_for_a_child, 3, 9, 6),
    (_same_writer_twice, 6, 21, 3),
    (_stuffed, 43, 1, 1),
)

__all__ = ["STUFFING", "address", "with_awkward_cases"]
