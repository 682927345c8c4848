"""The nomination form's own questions: what the product must know of every nomination, as it words them by itself.

Organizers change wording, help, limits and order, and add questions of their own beside them (`portal.questions`).
The keys are the names under which answers are kept, and most have a column of `Nomination`.
"""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from portal.core.clock import now
from portal.core.i18n import LANGUAGES
from portal.nominations.models import Nomination
from portal.nominations.rules.nominate import FormSettings, form_settings
from portal.programs.actions import change_program
from portal.programs.models import Cycle, Window
from portal.questions.purposes import Purpose, offer
from portal.questions.queries import form_of
from portal.questions.shape import Asked, Question
from portal.questions.words import both

GROUPS = {
    "educator": _l("The educator"),
    "you": _l("You and them"),
    "story": _l("The story"),
    "name": _l("Your name"),
}


def _fixed(
    key: str,
    group: str,
    kind: str,
    label: Any,
    short: Any = "",
    hint: Any = "",
    *,
    always: bool = True,
    audience: str = "staff",
) -> Question:
    return Question(
        key, group, kind, label, help=hint, required=always, audience=audience, fixed=True, always=always, short=short
    )


_STORY_HINT = _l(
    "One moment says more than a list. Please leave out grades, health, discipline and other children’s names."
)
PLAIN = (
    _fixed("educator", "educator", "line", _l("The educator’s name"), _l("The educator"),
           _l("As you know it, for example Marisol Rivera. “Ms. Rivera” is enough if that is all you know."),
           audience="nominee"),
    _fixed("school", "educator", "school", _l("School"), _l("School"),
           _l("Begin to type its name, then choose it from the list."), audience="nominee"),
    _fixed("position", "educator", "choice", _l("Position"), _l("Position"), audience="nominee"),
    _fixed("subject", "educator", "line", _l("Subject or grade"), _l("Subject or grade"),
           _l("For example: 4th grade, or algebra."), always=False),
    _fixed("educator_email", "educator", "email", _l("Their work e-mail"), _l("Their work e-mail"),
           _l("Their address at the school, if you know it. We use it to ask whether they want to take part."),
           always=False),
    _fixed("relation", "you", "choice", _l("You are or were"), _l("You are or were"),
           _l("Choose the one that fits best. Readers see the group, never how many wrote."), audience="scorers"),
    _fixed("known_for", "you", "line", _l("How long have you known each other?"),
           _l("How long you have known each other"), _l("A number and a word, such as “3 months” or “2 years”.")),
    _fixed("tie", "you", "choice", _l("Are you related, or do you do business together?"),
           _l("Family or business tie"), _l("Family may write too. We only need to know.")),
    _fixed("tie_text", "you", "line", _l("If yes, how?"), "",
           _l("For example: cousin, neighbor’s business partner."), always=False),
    _fixed("story", "story", "text", _l("What happened, and what changed for the students?"), _l("What happened"),
           _STORY_HINT, audience="scorers"),
    _fixed("with_others", "story", "text", _l("How do they work with families, colleagues or the neighborhood?"),
           _l("Work with others"), _l("A sentence or two is enough. Here too, no grades, health or discipline."),
           always=False, audience="scorers"),
    _fixed("name", "name", "line", _l("Your name"), _l("Your name")),
    _fixed("email", "name", "email", _l("Your e-mail address"), _l("Your e-mail address"),
           _l("We send one letter there, with a link to confirm the nomination. Nobody else sees it.")),
    _fixed("sharing", "name", "choice", _l("May we tell {educator} who nominated them?"), _l("What we may tell"),
           _l("We keep to it in every letter and on every page.")),
)  # fmt: skip


HOMES = {"story": {"label": "story_question", "help": "story_hint"}}  # settings that hold words of a question


def plain(program: Any) -> tuple[Question, ...]:
    """The product's questions for a program: its file says the words and the limits of the story."""
    return tuple(_story(form_settings(program), q) if q.key == "story" else q for q in PLAIN)


def _story(settings: FormSettings, question: Question) -> Question:
    low, high = settings.story_words
    label = dict(settings.story_question) if settings.story_question else question.label
    hint = dict(settings.story_hint) if settings.story_hint else question.help
    return replace(question, low=low, high=high, label=label, help=hint)


def _is_open(program_id: int) -> Any:
    """Whether a year of the program takes nominations (`nominations_are_open`)."""
    at = now()
    in_public = Cycle.program_id == program_id, Cycle.state == "published", Cycle.archived_at.is_(None)
    open_now = Window.opens_at <= at, or_(Window.closes_at.is_(None), Window.closes_at > at)
    query = select(Window.id).join(Cycle, Cycle.id == Window.cycle_id)
    return query.where(*in_public, Window.key == "nominations", *open_now).exists()


def _answered(program_id: int, key: str) -> Any:
    """Whether a nomination of the program has an answer: of the product's questions, whether one was ever sent."""
    query = select(Nomination.id).where(Nomination.program_id == program_id)
    if any(q.key == key for q in PLAIN):
        query = query.where(Nomination.state != "draft")
    else:
        query = query.where(Nomination.answers[key].as_string().is_not(None))
    return query.exists()


def _keep(program: Any, wanted: Question) -> None:
    """The story's limits and words are settings of the program, where its file, the desk and the panel read them. Words
    that are not there in every language of the program are not: its file would be refused.
    """
    if wanted.key != "story":
        return
    settings = dict(program.settings or {})
    languages = settings.get("languages") or list(LANGUAGES)
    said: dict[str, Any] = {home: both(getattr(wanted, part)) for part, home in HOMES["story"].items()}
    given = {name: text for name, text in said.items() if all(text[language].strip() for language in languages)}
    if wanted.limits:
        given["story_words"] = list(wanted.limits)
    held = settings.get("nomination", {})
    if any(held.get(name) != value for name, value in given.items()):
        change_program(program, settings={**settings, "nomination": {**held, **given}})


PURPOSE = offer(
    Purpose(
        key="nomination",
        name=_l("The nomination form"),
        groups=GROUPS,
        plain=plain,
        is_open=_is_open,
        answered=_answered,
        keep=_keep,
        preview="nominations_organizer.preview_step",
        fixed=PLAIN,
        homes=HOMES,
    )
)


def form_for(program: Any) -> Asked:
    """The nomination form of a program as it stands: one query."""
    return form_of(program, PURPOSE)
