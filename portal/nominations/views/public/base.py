"""What the public nomination pages share: the blueprint, who may open what, the words of the steps.

The limits on the routes are wide, because a whole school writes from one address; letters are counted by who gets them.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.errors import NotThere
from portal.core.i18n import pick
from portal.nominations.forms import nomination as forms
from portal.nominations.models import Nomination
from portal.nominations.queries import nomination as reads
from portal.nominations.rules.nominate import SHOWN_STEPS, nominations_are_open, nominations_window
from portal.nominations.views.public import holding
from portal.programs import queries as programs

bp = Blueprint("nominations_public", __name__)


def find_place(slug: str) -> reads.Place | None:
    """The program and its window."""
    return reads.place(slug)


def find_own(slug: str, public_id: str) -> Nomination:
    """A nomination that this browser may open; whoever may not learns how, and not whether it is there."""
    found = reads.own(slug, public_id) if holding.may_open(public_id) else None
    if found is None:
        raise NotThere(_("A nomination opens in the browser it was begun in, or by the link in our mail about it."))
    return found


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
    return {
        "educator": _("The educator"),
        "you": _("You and them"),
        "story": _("The story"),
        "name": _("Your name"),
        "check": _("Check and send"),
    }


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


def called(answers: Mapping[str, Any]) -> str:
    """What pages call the educator: the name as typed so far."""
    return " ".join(str(answers.get("educator", "")).split())[:120] or _("this educator")


def frame(nomination: Nomination, step: str) -> dict[str, Any]:
    """What every page of the form shows around its fields."""
    window = nominations_window(nomination.cycle)
    return {
        "nomination": nomination,
        "answers": nomination.answers,
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
    """The draft's answers read through the forms: the districts, the school they mean, each step's problems."""

    def __init__(self, nomination: Nomination, answers: Mapping[str, Any] | None = None) -> None:
        self.program = nomination.cycle.program
        self.answers = nomination.answers if answers is None else answers
        self.for_child = nomination.for_child
        self.districts = programs.districts_of(self.program.id)
        typed, choice = (str(self.answers.get(k, "")) for k in ("school", "school_choice"))
        self.pick = reads.school_pick(self.program.id, typed, choice)

    def form(self, step: str, **how: Any) -> forms.StepForm:
        """A step's form over these answers."""
        return forms.build(step, self.program, self.answers, self.pick, self.districts, **how)

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
        return forms.columns(self.program, self.checked.values(), self.pick, self.districts)

    def district_name(self) -> str:
        """The district as people read it, "" when unknown."""
        school = self.pick.school
        if school:
            return str(school.district.name)
        key = self.answers.get("district")
        return next((str(d.name) for d in self.districts if d.key == key), "")

    def label(self, step: str, name: str) -> str:
        """The label of a chosen radio button, as the page shows it."""
        field: Any = self.checked[step][name]
        return next((str(c.label) for c in field.choices if str(c.value) == str(self.answers.get(name))), "")


def helper_is_missing(nomination: Nomination) -> bool:
    """Whether a child has begun and no adult has said who they are yet: nothing else is asked before."""
    if not nomination.for_child:
        return False
    return not forms.build("helper", nomination.cycle.program, nomination.answers, None, [], check=True).validate()


def relation_hints(program: Any) -> dict[str, str]:
    """The small text under each relation, by key."""
    return {r["key"]: pick(r.get("hint")) for r in (program.settings or {}).get("relations", [])}


def program_text(text: Any) -> str:
    """A text of the program's file in the reader's language."""
    return pick(text)
