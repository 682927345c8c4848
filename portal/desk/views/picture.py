"""The cycle in pictures: funnel, clock, days against last year, voices and silent districts; one printed page."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core import clock, hx, web
from portal.desk import figures, suppression
from portal.desk.queries import cycle as queries
from portal.desk.queries import picture as more
from portal.desk.views.desk import deadline, find_cycle, funnel
from portal.desk.voices import Row, voices_of
from portal.nominations.rules import GROUPS
from portal.nominations.rules.files import GROUP_NAMES
from portal.programs import queries as programs
from portal.programs.models import Cycle

bp = Blueprint("picture", __name__)
FEW_SCHOOLS = 5  # of fewer a share says little


@bp.get("/cycles/<public_id>/picture")
@web.requires("desk.see_figures", find_cycle)
def picture(cycle: Cycle) -> ResponseReturnValue:
    """How the cycle stands, and whom it has not heard from."""
    before = previous_cycle(cycle)
    drawn, counts = queries.pictures(cycle, before), queries.counts(cycle)
    heard = sum(yes for yes, _all in drawn.schools.values())
    every = sum(n for _yes, n in drawn.schools.values())
    return hx.page(
        "desk/picture.html",
        cycle=cycle,
        counts=counts,
        funnel=funnel(counts),
        clock=deadline(cycle),
        today=clock.today(),
        days=against_last_year(cycle, before, drawn),
        districts=district_rows(drawn),
        groups=[GROUP_NAMES[group] for group in GROUPS],
        heard=heard,
        every=every,
        rate=suppression.rate(heard, every),
    )


def against_last_year(cycle: Cycle, earlier: Cycle | None, drawn: queries.Pictures) -> dict[str, Any] | None:
    """The running totals of this year and the one before, from the day their windows opened."""
    this = more.year_of(cycle, drawn.days)
    if this is None:
        return None
    until = min((clock.today() - this.opens).days, (this.closes - this.opens).days)
    now = figures.running(this.days, until) if until >= 0 else ()
    before = more.year_of(earlier, drawn.before) if earlier is not None else None
    then: tuple[int, ...] = ()
    if before is not None:
        then = figures.running(before.days, (before.closes - before.opens).days)
    length = max((this.closes - this.opens).days, len(then) - 1)
    most = max([*now, *then], default=0)
    return {
        "name": this.name,
        "now": figures.line(now, length, most),
        "total": now[-1] if now else 0,
        "before": before.name if before is not None else "",
        "then": figures.line(then, length, most),
        "same_day": then[min(len(now), len(then)) - 1] if now and then else None,
        "weeks": figures.weeks(now, then),
        "first": clock.day(this.opens),
        "last": clock.day(this.closes),
        "most": most,
    }


def previous_cycle(cycle: Cycle) -> Cycle | None:
    """The published cycle before this one in the same program; both have their windows loaded then."""
    earlier = [c for c in programs.cycles_of(cycle.program) if c.opening_day < cycle.opening_day]
    return next((c for c in earlier if c.state == "published"), None)


def district_rows(drawn: queries.Pictures) -> list[dict[str, Any]]:
    """Each district with its schools and its voices; small numbers hidden, the last row is the sum of all."""
    voices = voices_of(drawn)
    sums = Row(suppression.TOTAL, _("All together"), list(drawn.schools))
    found = []
    for row in (*voices.rows, sums):
        schools = [drawn.schools.get(d, (0, 0)) for d in row.ids]
        heard, every = sum(yes for yes, _n in schools), sum(n for _yes, n in schools)
        found.append(
            {
                "name": row.name,
                "is_sum": row is sums,
                "heard": heard,
                "every": every,
                "rate": suppression.rate(heard, every) if every >= FEW_SCHOOLS else None,
                "cells": voices.cells(row.key, (*GROUPS, suppression.TOTAL)),
            }
        )
    return found
