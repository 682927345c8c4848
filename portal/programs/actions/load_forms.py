"""Loads the questions of a program's forms, by the same verbs as their editor."""

from typing import Any

from flask_babel import gettext as _

from portal.core.i18n import pick
from portal.programs.actions.report import LoadReport
from portal.programs.definition import ProgramDefinition
from portal.programs.models import Program
from portal.questions import actions as questions
from portal.questions import purposes
from portal.questions.queries import form_of
from portal.questions.rows import rows_of


def load_forms(
    report: LoadReport, definition: ProgramDefinition, program: Program, by: Any, *, founding: bool = False
) -> None:
    """The forms that the file tells; one that it does not tell stays as it is."""
    for purpose in purposes.every():
        rows = definition.forms.get(purpose.key)
        if rows is None:
            continue
        before = form_of(program, purpose)
        if rows_of(before, purpose) == rows:
            continue
        came = questions.bring(by, program, purpose, rows, founding=founding)
        form, after = pick(purpose.name).lower(), form_of(program, purpose)

        def named(key: str, one: Any = before, other: Any = after) -> str:
            found = other.get(key) or one.get(key)
            return f"“{pick(found.label)}”"

        report.made += [f"The question {named(key)} in {form}." for key in came.added]
        report.changed += [f"The question {named(key)} in {form}." for key in came.changed]
        report.changed += [f"The question {named(key)} is gone from {form}." for key in came.removed]
        report.changed += [f"The question {named(key)} in {form} is asked no more." for key in came.retired]
        if came.ordered:
            report.changed.append(f"The order of the questions in {form}.")
        for key in came.kinds:
            what = _("The kind of the question %(name)s", name=named(key))
            report.refuse(what, _("a question keeps its kind, so write a new one with another key"))
