"""A step of the nomination form as nominators see it, for the preview: nothing is kept, and nothing is sent."""

from types import SimpleNamespace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.core import hx, i18n, web
from portal.core.access import may
from portal.core.clock import now
from portal.nominations.asking import GROUPS
from portal.nominations.rules.nominate import neighbors
from portal.nominations.views.organizer.base import bp
from portal.nominations.views.public import base
from portal.programs import queries as programs
from portal.programs.models import Program
from portal.questions import uploads
from portal.questions.rules import SEE


def find_program(person: Any, slug: str) -> Program | None:
    """A program whose form this person may look at."""
    program = programs.program_by_slug(slug)
    return program if program is not None and may(person, SEE, program) else None


@bp.get(f"/awards/<slug>/nomination-preview/<any({','.join(GROUPS)}):step>")
@web.requires(SEE, find_program)
def preview_step(program: Program, step: str) -> ResponseReturnValue:
    """The page that the preview shows in its frame."""
    spoken = request.args.get("spoken", "")
    with force_locale(spoken if spoken in i18n.LANGUAGES else i18n.language()):
        answer = hx.page("nominations/nominate/step.html", **_context(program, step))
    answer.headers["Content-Security-Policy"] = web.CSP.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return answer


def _context(program: Program, step: str) -> dict[str, Any]:
    cycle = programs.current_cycle(program) or SimpleNamespace(program=program, nominations=None)
    answers = {"educator": "Marisol Rivera", "school": _("her school")}
    nomination: Any = SimpleNamespace(
        public_id="preview", cycle=cycle, answers=answers, asked={}, state="draft", for_child=False
    )
    reading = base.Reading(nomination, answers if step != "educator" else {})
    form = reading.form(step)

    def step_url(name: str, **_more: Any) -> str:
        shown = name if name in GROUPS else step
        return url_for("nominations_organizer.preview_step", slug=program.slug, step=shown, spoken=i18n.language())

    before, after = neighbors(step)
    frame = base.frame(nomination, step)
    return frame | {
        "form": form,
        "pick": reading.pick if step == "educator" else None,
        "program_slug": program.slug,
        "shown": base.shown(reading.asked, nomination, step),
        "files": {},
        "has_files": "",
        "accept": uploads.ACCEPT,
        "next_words": base.next_words(step, ""),
        "previous": before,
        "following": after,
        "later_sent": "",
        "closes": frame["closes"] or now(),
        "relation_hints": base.relation_hints(program) if step == "you" else {},
        "step_url": step_url,
        "preview": True,
        "person": None,
        "nav": [],
    }
