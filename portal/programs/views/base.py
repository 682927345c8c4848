"""What the pages of a year share: the blueprint, who finds which year, and how a change is told."""

from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext as _

from portal.core.access import may
from portal.programs import rules
from portal.programs.actions import LoadReport
from portal.programs.models import Cycle
from portal.programs.whole import whole_cycle

bp = Blueprint("programs", __name__)
MOST_TOLD = 6  # sentences; messages travel in a cookie


def find_cycle(person: Any, public_id: str) -> Cycle | None:
    """A cycle of a program in which this person may see the year; others are not there for them."""
    cycle = whole_cycle(public_id)
    return cycle if cycle is not None and may(person, rules.SEE_YEAR, cycle) else None


def tell(report: LoadReport) -> None:
    """Says what came of a change: saved, or what stays and why."""
    if report.made or report.changed:
        flash(_("Saved."))
    elif not report.refused:
        flash(_("Nothing was different, so nothing was changed."))
    for sentence in report.refused[:MOST_TOLD]:
        flash(sentence, "warning")
