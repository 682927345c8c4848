"""What the public nomination pages share: the blueprint, who may open what, the words of the steps.

The limits on the routes are wide, because a whole school writes from one address; letters are counted by who gets them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from portal.core.audit import name_of
from portal.core.clock import now
from portal.core.errors import NotThere
from portal.core.i18n import pick
from portal.nominations.asking import GROUPS, form_for
from portal.nominations.forms import nomination as forms
from portal.nominations.models import Nomination
from portal.nominations.private import private_words
from portal.nominations.queries import nomination as reads
from portal.nominations.rules.nominate import ELSEWHERE, SHOWN_STEPS, nominations_are_open, nominations_window
from portal.nominations.views.public import holding
from portal.programs import queries as programs
from portal.programs.models import District
from portal.programs.visiting import find_public
from portal.questions import answers
from portal.questions.queries import uploads_of
from portal.questions.rules import is_own
from portal.questions.shape import Asked, Question, named

bp = Blueprint("nominations_public", __name__)
TELLING = ("story", "with_others")


def find_place(slug: str) -> reads.Place | None:
    """The program and its window."""
    program = find_public(slug)
    return reads.place(program) if program else None


def find_own(slug: str, public_id: str) -> Nomination:
    """A nomination that this browser may open; whoever may not learns how, and not whether it is there."""
    found = reads.own(slug, public_id) if holding.may_open(public_id) else None
    if found is None:
        raise NotThere(_("A nomination opens in the browser it was begun in, or by the link in our mail about it."))
    return found


def read_again(nomination: Nomination) -> None:
    """Reads what a transaction has let go of: nomination, cycle and program in one query, not one by one."""
    reads.own(_slug(nomination), (request.view_args or {})["public_id"])


def is_open(nomination: Nomination) -> bool:
    """Whether the nominator's cycle takes nominations now."""
    return nominations_are_open(nomination.cycle, now())


def _slug(nomination: Nomination) -> str:
    """The program's part of the address: the one asked for, without a look at the database after a change."""
    return (request.view_args or {}).get("slug") or nomination.cycle.program.slug


def step_url(nomination: Nomination, step: str, **more: Any) -> str:
    """The address of a step; the last one is the page that checks everything."""
    slug = _slug(nomination)
    if step == "check":
        return url_for("nominations_public.check", slug=slug, public_id=nomination.public_id, **more)
    return url_for("nominations_public.show_step", slug=slug, public_id=nomination.public_id, step=step, **more)


def own_url(nomination: Nomination, page: str = "own", **more: Any) -> str:
    """The address of another page of this nomination (`own`, `sent`)."""
    slug = _slug(nomination)
    return url_for(f"nominations_public.{page}", slug=slug, public_id=nomination.public_id, **more)


def step_names() -> dict[str, str]:
    """What the step indicator calls each step."""
    return {**{key: str(name) for key, name in GROUPS.items()}, "check": _("Check and send")}


def next_words(step: str, then: str) -> str:
    """What the button to the next step says."""
    if then == "check":
        return _("Save and check")
    return {
        "helper": _("Next: the educator"),
        "educator": _("Next: you and them"),
        "you": _("Next: the story"),
        "story": _("Next: your name"),
        "name": _("Next: check it"),
    }[step]


def time_left(step: str) -> str:
    """About how long the rest takes."""
    return {
        "educator": _("About four minutes left."),
        "you": _("About three minutes left."),
        "story": _("About two minutes left."),
        "name": _("About one minute left."),
    }.get(step, "")


@dataclass(frozen=True)
class Shown:
    """A question as the page words it."""

    question: Question
    label: str
    hint: str


def shown(asked: Asked, nomination: Nomination, step: str) -> list[Shown]:
    """The questions of a step in the reader's words; an adult who writes for a child is asked as an adult."""
    name, found = called(nomination.answers), []
    adult = {"name": _("The adult’s name"), "email": _("The adult’s e-mail address")} if nomination.for_child else {}
    for question in asked.of(step):
        label = adult.get(question.key) or named(pick(question.label), name)
        found.append(Shown(question, label, named(pick(question.help), name)))
    return found


def called(answers: Mapping[str, Any]) -> str:
    """What pages call the educator: the name as typed so far."""
    return " ".join(str(answers.get("educator", "")).split())[:120] or _("this educator")


def _told(answers: Mapping[str, Any]) -> list[str]:
    """The texts in which people tell: the story, and answers to the organizers' own questions."""
    return [value for key, value in answers.items() if isinstance(value, str) and (key in TELLING or is_own(key))]


def frame(nomination: Nomination, step: str) -> dict[str, Any]:
    """What every page of the form shows around its fields."""
    window = nominations_window(nomination.cycle)
    return {
        "nomination": nomination,
        "answers": nomination.answers,
        "private": private_words(_told(nomination.answers)) if step in ("story", "check") else {},
        "called": called(nomination.answers),
        "step": step,
        "step_labels": list(step_names().values()),
        "at": SHOWN_STEPS.index(step) if step in SHOWN_STEPS else None,
        "time_left": time_left(step),
        "closes": window.closes_at if window else None,
        "step_url": lambda name, **more: step_url(nomination, name, **more),
        "own_url": lambda page, **more: own_url(nomination, page, **more),
    }


class Reading:
    """The draft's answers read through the forms: the form as it is asked, the districts, the school they mean, each
    step's problems. What is not looked at is not asked for: a step without a school costs no look at the directory.
    """

    def __init__(
        self, nomination: Nomination, answers: Mapping[str, Any] | None = None, asked: Asked | None = None
    ) -> None:
        self.nomination, self.program = nomination, nomination.cycle.program
        self.answers = nomination.answers if answers is None else answers
        self.for_child = nomination.for_child
        self.versions: Mapping[str, int] = nomination.asked
        self.asked = asked or form_for(self.program)

    @cached_property
    def districts(self) -> list[District]:
        return programs.districts_of(self.asked.program_id)

    @cached_property
    def pick(self) -> reads.SchoolPick:
        typed, choice = (str(self.answers.get(k, "")) for k in ("school", "school_choice"))
        return reads.school_pick(self.asked.program_id, typed, choice)

    def over(self, answers: Mapping[str, Any]) -> "Reading":
        """The same form over other answers."""
        return Reading(self.nomination, answers, self.asked)

    def form(self, step: str, **how: Any) -> forms.StepForm:
        """A step's form over these answers."""
        if step != "educator":
            return forms.build(step, self.asked, self.answers, None, [], **how)
        # A school of the directory says its district itself: only pages offer the districts then.
        known = how.get("check") and self.pick.school is not None
        return forms.build(step, self.asked, self.answers, self.pick, [] if known else self.districts, **how)

    @cached_property
    def checked(self) -> dict[str, forms.StepForm]:
        """Every step as if its answers had just been posted."""
        steps = ("educator", "you", "story", "name")
        return {s: self.form(s, check=True) for s in ((*steps, "helper") if self.for_child else steps)}

    def missing(self) -> list[str]:
        """The steps whose answers do not do yet."""
        return [step for step, form in self.checked.items() if not form.validate()]

    def columns(self) -> dict[str, Any]:
        """The values of a nomination's columns; only when nothing is missing."""
        values = forms.columns(self.program, self.checked.values(), self.pick, self.typed_district)
        return {**values, "said": answers.stored(self.asked, self.own_answers(), self.versions, self.file_names)}

    @cached_property
    def file_names(self) -> dict[str, str]:
        """What the files among the answers are called, by the upload's public id: no query when none is asked for."""
        keys = [q.key for q in self.asked.own() if q.kind == "file" and self.answers.get(q.key)]
        mine = uploads_of([name_of(self.nomination)]) if keys else {}
        return {public_id: upload.stored_file.name for public_id, upload in mine.items()}

    def own_answers(self) -> dict[str, Any]:
        """The answers to the organizers' own questions, as the checked forms read them."""
        given = {q.key: self.checked[q.group].data[q.key] for q in self.asked.own() if q.has_answer}
        return {key: "yes" if value is True else value for key, value in given.items()}

    @cached_property
    def typed_district(self) -> District | None:
        """The district that was chosen for a school outside the directory; a school of the directory says its own."""
        if self.pick.school is not None:
            return None
        key = self.answers.get("district")
        return next((d for d in self.districts if d.key == key and key not in ELSEWHERE), None)

    def district_name(self) -> str:
        """The district as people read it, "" when unknown."""
        known = self.pick.school.district if self.pick.school else self.typed_district
        return str(known.name) if known else ""

    def label(self, step: str, name: str) -> str:
        """The label of a chosen radio button, as the page shows it."""
        field: Any = self.checked[step][name]
        return next((str(c.label) for c in field.choices if str(c.value) == str(self.answers.get(name))), "")


def helper_is_missing(nomination: Nomination) -> bool:
    """Whether a child has begun and no adult has said who they are yet: nothing else is asked before."""
    if not nomination.for_child:
        return False
    return not forms.helper_fits(nomination.answers)


def relation_hints(program: Any) -> dict[str, str]:
    """The small text under each relation, by key."""
    return {r["key"]: pick(r.get("hint")) for r in (program.settings or {}).get("relations", [])}

