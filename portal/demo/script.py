"""Who is nominated in the demo, by whom, and in which words. Pure and repeatable: a seed gives a whole year."""

import unicodedata
from dataclasses import dataclass, field, replace
from random import Random
from typing import NamedTuple

from portal.core.names import fold
from portal.demo.stories import WORDS, story, together
from portal.demo.words import names

# How often each relation writes; its reporting group stands in the program's own file.
RELATIONS = (
    ("current_student", "student", 13), ("former_student", "student", 12), ("family_current", "family", 24),
    ("family_former", "family", 7), ("colleague_school", "colleague", 18), ("colleague_elsewhere", "colleague", 4),
    ("mentored", "colleague", 6), ("school_leader", "leader", 7), ("community_partner", "community", 5),
    ("pto", "community", 4),
)  # fmt: skip
# How many write about one educator: most have one or two voices, a few are carried by a whole school.
VOICES = (1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 11)


class Place(NamedTuple):
    """A school of the directory."""

    id: int
    name: str
    level: str
    district_id: int
    district: str


@dataclass(frozen=True)
class Voice:
    """One nomination as its writer typed it. `at` is how far into the weeks of nominating it came, 0 to 1."""

    at: float
    name: str
    email: str
    relation: str
    group: str
    known_for: str
    story: str
    with_others: str
    sharing: str
    locale: str
    tie: str = ""
    child: str = ""
    proven: bool = True
    withdrawn: bool = False
    written_name: str = ""  # as this writer spelled the educator
    written_school: str = ""


@dataclass(frozen=True)
class Educator:
    """Somebody worth writing about. `quality` is what fair readers would find, on the rubric's scale."""

    name: str
    pronoun: str
    place: Place | None
    position: str
    subject: tuple[str, str]
    email: str
    locale: str
    quality: float
    told_email: bool  # whether some nominator knew the address
    voices: tuple[Voice, ...] = field(default_factory=tuple)


def address(name: str, *more: str) -> str:
    """An address out of a name: "renee.van.der.meer@example.org"."""
    plain = unicodedata.normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    return ".".join([*plain.split(), *more])[:60] + "@example.org"


class Script:
    """Draws educators and their voices; nobody is drawn twice."""

    def __init__(self, seed: int, places: list[Place]) -> None:
        self.rng = Random(seed)
        self.places = places
        self.taken: set[str] = set()
        self.writers = 0

    def educators(self, count: int, *, awkward: bool) -> list[Educator]:
        """So many educators with their voices, the awkward names among them."""
        drawn = [(*each, 2.6 + 0.1 * i % 1.2) for i, each in enumerate(names.AWKWARD)] if awkward else []
        while len(drawn) < count:
            drawn.append((*self._name(), self.rng.gauss(2.65, 0.55)))
        return [self._educator(name, pronoun, quality) for name, pronoun, quality in drawn]

    def _name(self) -> tuple[str, str]:
        while True:
            given, pronoun = self.rng.choice(names.GIVEN)
            name = f"{given} {self.rng.choice(names.FAMILY)}"
            if name not in self.taken:
                self.taken.add(name)
                return name, pronoun

    def person(self) -> tuple[str, str]:
        """A name nobody has and its address: for staff, reviewers and members."""
        name, _pronoun = self._name()
        return name, address(name)

    def _educator(self, name: str, pronoun: str, quality: float) -> Educator:
        rng, place = self.rng, self.rng.choice(self.places)
        roll = rng.random()
        position = "teacher" if roll < 0.86 else "assistant_principal" if roll < 0.93 else "principal"
        subject = rng.choice(names.SUBJECTS.get(place.level, names.SUBJECTS["middle"]))
        if position != "teacher":
            subject = ("", "")
        locale = "es" if rng.random() < 0.08 else "en"
        one = Educator(
            name, pronoun, place, position, subject, address(name), locale, quality, told_email=rng.random() < 0.4
        )
        return replace(one, voices=tuple(self.voice(one) for _ in range(rng.choice(VOICES))))

    def voice(self, about: Educator, relation: str = "") -> Voice:
        """One nomination; without a relation, any of the usual ones."""
        rng = self.rng
        keys = [each[:2] for each in RELATIONS]
        chosen = rng.choices(keys, weights=[each[2] for each in RELATIONS])[0]
        key, group = next((k for k in [*keys, ("self", "self")] if k[0] == relation), chosen)
        locale = "es" if rng.random() < 0.22 and group in WORDS["es"].OPENING else "en"
        words = WORDS[locale]
        name = self._writer()
        return Voice(
            at=rng.betavariate(1.3, 1.1),
            name=name,
            email=address(name, str(self.writers)),
            relation=key,
            group=group,
            known_for=rng.choice(words.KNOWN_FOR),
            story=story(rng, locale, group, about.name, about.pronoun, about.subject[locale == "es"] or "school"),
            with_others=together(rng, locale, about.name, about.pronoun),
            sharing=rng.choices(("yes", "relation", "no"), weights=(55, 30, 15))[0],
            locale=locale,
            tie=rng.choice(words.RELATED) if rng.random() < 0.03 else "",
            proven=rng.random() > 0.08,
            withdrawn=rng.random() < 0.012,
            written_name=about.name,
            written_school=about.place.name if about.place else "",
        )

    def _writer(self) -> str:
        self.writers += 1
        if self.rng.random() < 0.6:
            return self.rng.choice(names.PARENTS)
        return f"{self.rng.choice(names.GIVEN)[0]} {self.rng.choice(names.FAMILY)}"
