"""Loads what belongs to one cycle: rounds and rubrics, windows, categories and eligibility rules."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, insert, update

from portal.core.db import db
from portal.core.errors import Overtaken
from portal.programs.actions.columns import criterion_columns, round_columns, rubric_columns
from portal.programs.actions.cycles import why_not_move
from portal.programs.actions.report import LoadReport, different, moment, plain, rewrite
from portal.programs.definition import ProgramDefinition, RoundDefinition, windows_for
from portal.programs.models import Category, Criterion, Cycle, EligibilityRule, Round, Rubric, Window

TEXTS = ("name", "text")  # words may be mended at any time; figures that people rely on may not


def load_rounds(
    report: LoadReport, definition: ProgramDefinition, cycle: Cycle, *, begun: bool, rubrics: bool = True
) -> dict[str, Round]:
    """The rounds by key. Once nominations have opened only words change, and no round comes or goes."""
    held = {each.key: each for each in cycle.rounds}
    fresh, asked = not held, []
    for position, each in enumerate(definition.rounds, 1):
        columns = {"position": position, **round_columns(definition, each)}
        found = held.get(each.key)
        if found is None and begun:
            what = _("A new round “%(key)s”", key=each.key)
            report.refuse(what, _("nominations have opened, and the rounds were announced"))
            continue
        if found is None:
            found = Round(program_id=cycle.program_id, cycle_id=cycle.id, key=each.key, rubrics=[], **columns)
            db.session.add(found)
            held[each.key] = found
            if not fresh:
                report.made.append(f"The round “{each.key}”.")
        else:
            _update_round(report, found, columns, begun=begun)
        if rubrics or not found.rubrics:
            asked.append((each, found))
    db.session.flush()
    _load_rubrics(report, definition, asked)
    for key in set(held) - {each.key for each in definition.rounds}:
        report.refuse(_("The round “%(key)s”, which is not in the file,", key=key), _("a cycle keeps its rounds"))
    if fresh:
        report.made.append(f"{len(held)} rounds with their rubrics.")
    return held


def _update_round(report: LoadReport, found: Round, columns: dict[str, Any], *, begun: bool) -> None:
    if begun:
        kept = {name: value for name, value in columns.items() if name not in TEXTS}
        for name, value in kept.items():
            if getattr(found, name) != value:
                now = getattr(found, name)
                what = _("“%(field)s” of the round “%(key)s” (%(now)s)", field=name, key=found.key, now=now)
                report.refuse(what, _("nominations have opened"))
        columns = {name: columns[name] for name in TEXTS}
    report.update(found, columns, f"The round “{found.key}”")


def _load_rubrics(
    report: LoadReport, definition: ProgramDefinition, rounds: list[tuple[RoundDefinition, Round]]
) -> None:
    """The newest version is written anew while nobody has scored on it; a frozen one stays, whatever the file says."""
    written: list[tuple[Rubric, dict[str, Any], list[dict[str, Any]]]] = []
    for each, found in rounds:
        rubric = found.rubrics[-1] if found.rubrics else None
        columns = rubric_columns(definition, definition.rubric(each.rubric))
        criteria = [
            criterion_columns(definition, criterion, position)
            for position, criterion in enumerate(definition.criteria_of_round(each.key), 1)
        ]
        if rubric is None:
            rubric = Rubric(program_id=found.program_id, version=1, criteria=[], **columns)
            found.rubrics.append(rubric)
        elif _holds(rubric, columns, criteria):
            continue
        elif rubric.frozen_at:
            what = _("The rubric of the round “%(key)s”", key=each.key)
            report.refuse(what, _("scoring has begun, which froze it"))
            continue
        else:
            report.changed.append(f"The rubric of the round “{each.key}”.")
        written.append((rubric, columns, criteria))
    if written:
        db.session.flush()
        _write_rubrics([{"one": rubric.id, **_bound(columns)} for rubric, columns, _rows in written])
        _write_criteria([(rubric, rows) for rubric, _columns, rows in written])


_RUBRICS: Any = Rubric.__table__
_RUBRIC = update(_RUBRICS).where(_RUBRICS.c.id == bindparam("one"), _RUBRICS.c.frozen_at.is_(None))


def _bound(columns: dict[str, Any]) -> dict[str, Any]:
    return {f"to_{name}": value for name, value in columns.items()}


def _write_rubrics(rows: list[dict[str, Any]]) -> None:
    """Writes rubrics that nobody has scored on, in one statement; from then on nobody does before this is committed.

    Raises Overtaken when the first score of one came in meanwhile.
    """
    names = [name.removeprefix("to_") for name in rows[0] if name != "one"]
    statement = _RUBRIC.values({name: bindparam(f"to_{name}", type_=_RUBRICS.c[name].type) for name in names})
    result: Any = db.session.connection().execute(statement, rows)
    if result.rowcount != len(rows):
        raise Overtaken(_("Somebody changed the program at the same moment. Please look at it and save again."))


def _write_criteria(written: list[tuple[Rubric, list[dict[str, Any]]]]) -> None:
    """The criteria of these rubrics as they shall be: as many statements for one as for many."""
    held = {(rubric.id, each.key): each for rubric, _rows in written for each in rubric.criteria}
    wanted = {(rubric.id, row["key"]): row for rubric, rows in written for row in rows}
    gone = [each.id for place, each in held.items() if place not in wanted]
    if gone:
        db.session.execute(delete(Criterion).where(Criterion.id.in_(gone)))
    for place, row in wanted.items():
        if place in held:
            rewrite(held[place], different(held[place], row), row)
    db.session.flush()
    new = [{"rubric_id": place[0], **row} for place, row in wanted.items() if place not in held]
    if new:
        db.session.execute(insert(Criterion), new)
    for rubric, _rows in written:
        db.session.expire(rubric)


def _holds(rubric: Rubric, columns: dict[str, Any], criteria: list[dict[str, Any]]) -> bool:
    """Whether the rubric in the database says what the file says."""
    if any(plain(getattr(rubric, name)) != plain(value) for name, value in columns.items()):
        return False
    held = [{name: getattr(criterion, name) for name in criteria[0]} for criterion in rubric.criteria]
    return bool(plain(held) == plain(criteria))


def load_windows(
    report: LoadReport, definition: ProgramDefinition, cycle: Cycle, rounds: dict[str, Round], at: datetime
) -> None:
    """The windows, counted from the opening day and in the zone in force, should other ones have been refused."""
    zone = ZoneInfo(cycle.program.time_zone)
    words = _window_words(definition)
    held = {window.key: window for window in cycle.windows}
    fresh = not held
    for key, opens, closes in windows_for(replace(definition, time_zone=zone.key), cycle.opening_day):
        name, text = words[key]
        round_ = rounds.get(key.removesuffix(".scoring"))
        window = held.get(key)
        if window is not None:
            values = report.differing(window, {"name": name, "text": text}, f"The window “{key}”")
            values |= _moved(report, cycle, window, opens.astimezone(zone), closes.astimezone(zone), at)
            rewrite(window, values, ("name", "text", "opens_at", "closes_at"))
        elif round_ is not None or "." not in key:
            owner = round_.id if round_ is not None else None
            values = {"opens_at": opens, "closes_at": closes, "name": name, "text": text, "round_id": owner}
            db.session.add(Window(cycle_id=cycle.id, key=key, **values))
            report.made += [] if fresh else [f"The window “{key}”."]
    db.session.flush()
    db.session.expire(cycle, ["windows"])
    if fresh:
        report.made.append(
            f"{len(cycle.windows)} windows, the first on {moment(cycle.windows[0].opens_at.astimezone(zone))}."
        )


def _window_words(definition: ProgramDefinition) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    words = {each.key: (dict(each.name), dict(each.text)) for each in definition.windows}
    for each in definition.rounds:
        words[each.key] = words[each.scoring.key] = (dict(each.name), dict(each.text))
    return words


def _moved(
    report: LoadReport, cycle: Cycle, window: Window, opens: datetime, closes: datetime, at: datetime
) -> dict[str, datetime]:
    """The window's new moments; none when they are the old ones, or it may not move."""
    if (window.opens_at, window.closes_at) == (opens, closes):
        return {}
    why = why_not_move(cycle, window, opens, closes, at)
    if why:
        report.refuse(_("The window “%(key)s”", key=window.key), _inside_a_sentence(str(why)))
        return {}
    report.changed.append(f"The window “{window.key}” now runs from {moment(opens)} to {moment(closes)}.")
    return {"opens_at": opens, "closes_at": closes}


def _inside_a_sentence(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def load_categories(report: LoadReport, definition: ProgramDefinition, cycle: Cycle, *, begun: bool) -> None:
    """The categories. Once nominations have opened none comes or goes; once the decisions are confirmed, who may be
    nominated in each and how many are honored stays too.
    """
    held = {each.key: each for each in cycle.categories}
    for position, each in enumerate(definition.categories, 1):
        columns = {
            "position": position,
            "name": dict(each.name),
            "places": each.places,
            "positions": list(each.positions),
        }
        if each.key not in held:
            if begun and held:
                report.refuse(_("A new category “%(key)s”", key=each.key), _("nominations have opened"))
                continue
            db.session.add(Category(cycle_id=cycle.id, key=each.key, **columns))
        else:
            if cycle.decisions_confirmed_at:
                _keep_decided(report, held[each.key], columns)
            report.update(held[each.key], columns, f"The category “{each.key}”")
    for key in set(held) - {each.key for each in definition.categories}:
        if begun:
            report.refuse(_("The category “%(key)s”", key=key), _("nominations have opened"))
        else:
            db.session.delete(held[key])
            report.changed.append(f"The category “{key}” is gone.")
    db.session.flush()


def _keep_decided(report: LoadReport, found: Category, columns: dict[str, Any]) -> None:
    """Takes out of the columns what the decisions rest on, and says so of what would have changed."""
    decided = {name: columns.pop(name) for name in ("places", "positions")}
    whats = {
        "places": _("The number of places of the category “%(key)s” (%(now)s)", key=found.key, now=found.places),
        "positions": _("Who may be nominated in the category “%(key)s”", key=found.key),
    }
    for name in different(found, decided):
        report.refuse(whats[name], _("the decisions are confirmed"))


def load_eligibility(report: LoadReport, definition: ProgramDefinition, cycle: Cycle, *, begun: bool) -> None:
    """The eligibility rules. Once nominations have opened none comes or goes, and each is checked as it was; its words
    and whether the public page shows them may change.
    """
    held = {each.key: each for each in cycle.eligibility}
    fresh = not held
    for position, each in enumerate(definition.eligibility, 1):
        columns = {"position": position, "checked_by": each.check, "public": each.public, "text": dict(each.text)}
        what = f"The eligibility rule “{each.key}”"
        if each.key in held:
            if begun and held[each.key].checked_by != each.check:
                report.refuse(_("The eligibility rule “%(key)s”", key=each.key), _("nominations have opened under it"))
                columns.pop("checked_by")
            report.update(held[each.key], columns, what)
        elif begun and not fresh:
            new = _("A new eligibility rule “%(key)s”", key=each.key)
            report.refuse(new, _("nominations have opened without it"))
        else:
            db.session.add(EligibilityRule(cycle_id=cycle.id, key=each.key, **columns))
            report.made += [] if fresh else [f"{what}."]
    for key in set(held) - {each.key for each in definition.eligibility}:
        if begun:
            report.refuse(_("The eligibility rule “%(key)s”", key=key), _("nominations have opened under it"))
        else:
            db.session.delete(held[key])
            report.changed.append(f"The eligibility rule “{key}” is gone.")
    db.session.flush()
