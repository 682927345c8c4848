"""The program, its staff, its two cycles, and the members it had before."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts import actions as accounts
from portal.collective import actions as collective
from portal.core.audit import OPERATOR
from portal.core.db import db
from portal.demo.script import Place
from portal.demo.words.members import PROFILES
from portal.demo.words.names import SUBJECTS
from portal.demo.world import World, year_name
from portal.nominations.asking import PURPOSE
from portal.programs.actions import load_definition
from portal.programs.definition import ProgramDefinition
from portal.programs.definition.shape import LetterWords
from portal.programs.models import School
from portal.questions.shape import Option, Question, stored

# part: (name, role or ""). Their addresses are the part's name, so that they are easy to type.
PARTS = {
    "sam": ("Sam Whitaker", "organizer"),
    "sofia": ("Sofía Reyes", "organizer"),
    "ada": ("Ada Foster", "auditor"),
}
WELCOME = LetterWords("collective_welcome", {}, {
    "en": "Dear {name},\n\nwelcome among those whom {program} has honored. On the first Thursday of each month "
          "somebody keeps a chair free for you: bring a lesson that went wrong, and go home with three ideas.",
    "es": "Apreciable {name}:\n\nle damos la bienvenida entre quienes {program} ha reconocido. El primer jueves de "
          "cada mes alguien le guarda una silla: traiga una clase que salió mal y váyase con tres ideas.",
})  # fmt: skip
HEARD = Question(
    "q_heard", "name", "choice", {"en": "How did you hear about this award?", "es": "¿Cómo supo de este premio?"},
    options=tuple(Option(key, {"en": en, "es": es}) for key, en, es in (
        ("school", "From the school or the district", "Por la escuela o el distrito"),
        ("person", "From somebody I know", "Por alguien que conozco"),
        ("news", "In the news or on the radio", "En las noticias o en la radio"),
        ("before", "I have nominated before", "Ya había nominado antes"),
    )),
)  # fmt: skip
EARLIER = 18  # members who won before last year
LAST_PLACES = 12


def found(world: World) -> None:
    """The program with last year's cycle, published before its nominations opened, and the staff."""
    report = load_definition(
        last_years(world.file.definition),
        OPERATOR,
        cycle_name=year_name(world.last_opening),
        opening_day=world.last_opening,
        schools=world.file.schools,
    )
    assert report.program is not None
    assert report.cycle is not None
    world.program_id, world.last_cycle_id = report.program.id, report.cycle.id
    for part, (name, role) in PARTS.items():
        person = accounts.find_or_make_person(name, f"{part}@example.org")
        accounts.grant(OPERATOR, person, role, world.program_id)
        world.people[part] = person.id
    query = select(School).where(School.program_id == world.program_id).options(joinedload(School.district))
    world.places = [Place(s.id, s.name, s.level, s.district_id, s.district.name) for s in db.session.scalars(
        query.order_by(School.id))]  # fmt: skip


def last_years(definition: ProgramDefinition) -> ProgramDefinition:
    """Last year was smaller: one round of reading, and twelve places."""
    first = definition.rounds[0]
    rubrics = tuple(
        replace(each, criteria=tuple(c for c in each.criteria if c.from_round is None)) for each in definition.rubrics
    )
    categories = (replace(definition.categories[0], places=LAST_PLACES), *definition.categories[1:])
    return in_own_words(replace(definition, rounds=(first,), rubrics=rubrics, categories=categories))


def in_own_words(definition: ProgramDefinition) -> ProgramDefinition:
    """One letter is in the program's own words, and its form asks a question of its own."""
    return replace(definition, letters=(WELCOME,), forms={PURPOSE.key: [stored(HEARD, None)]})


def earlier_members(world: World) -> None:
    """Winners of the years before, entered by an organizer from the old list."""
    sam, script = world.who("sam"), world.script(11)
    first = int(year_name(world.last_opening))
    for at in range(EARLIER):
        name, email = script.person()
        place = world.rng.choice(world.places)
        bio, ask = PROFILES[at % len(PROFILES)]
        told = at % 3 != 2  # not everybody has written something
        member = collective.add_past_winner(
            sam,
            world.program,
            name=name,
            email=email,
            cohort=str(first - 1 - at % 4),
            school=place.name,
            subject=world.rng.choice(SUBJECTS[place.level])[0] if place.level in SUBJECTS else "",
            bio=bio if told else "",
            ask_about=ask if told else "",
            visibility="public" if at % 2 else "members",
        )
        world.people[f"member{at}"] = member.person_id


def this_year(world: World) -> None:
    """This year's cycle by the program's file. Its windows stay as the file has them: nominations are open today. That
    a panel reads already is the organizers' choice (they set its due date, see `judging`), so that every step of the
    way can be seen on one day.
    """
    report = load_definition(
        in_own_words(world.file.definition),
        OPERATOR,
        cycle_name=year_name(world.opening),
        opening_day=world.opening,
        schools=world.file.schools,
    )
    assert report.cycle is not None
    world.cycle_id = report.cycle.id
