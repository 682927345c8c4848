"""A cycle and its program read back from the tables as the plain values of a program file (see `definition`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.core.i18n import pick
from portal.programs.definition.forms import told_form
from portal.programs.definition.shape import CYCLE_WINDOWS, GROUPS, Offset
from portal.programs.letters import LETTERS
from portal.programs.models import Cycle, Program, Round, Rubric, Window
from portal.questions import purposes
from portal.questions.queries import form_of
from portal.questions.rows import rows_of

Data = dict[str, Any]


def data_of(cycle: Cycle) -> Data:
    """The whole, in the order of the default file. What an old or hand-made row lacks is left empty, never invented."""
    program, texts = cycle.program, cycle.program.texts
    rounds = cycle.rounds
    return {
        "program": _head(program),
        "colors": _given(accent=program.colors.get("accent", ""), accent_dark=program.colors.get("accent_dark")),
        "hero": {name: texts.get(name, {}) for name in ("headline", "emphasis", "lead")},
        "honored": {name: texts.get("honored", {}).get(name, 0) for name in ("before", "since")},
        "story": _copied(texts.get("story", ())),
        "voices": _copied(texts.get("voices", ())),
        "criteria": _copied(texts.get("criteria", ())),
        "award": _award(texts.get("award", {})),
        "eligibility": _eligibility(cycle),
        "districts": _districts(program),
        "positions": _copied(program.settings.get("positions", ())),
        "groups": {group: program.settings.get("groups", {}).get(group, {}) for group in GROUPS},
        "relations": _copied(program.settings.get("relations", ())),
        "nominations": _nominations(program.settings.get("nomination", {})),
        "categories": _categories(cycle),
        **_windows_and_rounds(cycle, rounds),
        "levels": _levels(rounds),
        "ties": {"criteria": list(program.settings.get("tie_criteria", ()))},
        "rubrics": _rubrics(rounds),
        "questions": _copied(texts.get("questions", ())),
        "letters": _letters(program.settings.get("letters", {})),
    }


def whole_of(cycle: Cycle) -> Data:
    """The same with the forms that organizers have edited: all that a program's file holds."""
    data, told = data_of(cycle), {}
    for purpose in purposes.every():
        if rows := rows_of(form_of(cycle.program, purpose), purpose):
            told[purpose.key] = told_form(rows)
    return {**data, **_given(forms=told)}


def offset(moment: datetime | None, opening_day: date, zone: ZoneInfo) -> str:
    """A moment as its program's file tells it: "day 62 at 23:59"."""
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    return str(Offset((local.date() - opening_day).days, local.time().replace(second=0, microsecond=0)))


def _given(**values: Any) -> Data:
    """Without what is None, "" or empty: a file leaves such a field out."""
    return {key: value for key, value in values.items() if value not in (None, "", {}, [])}


def _copied(things: Iterable[Mapping[str, Any]]) -> list[Data]:
    kept = []
    for each in things:
        optional = {k: v for k, v in each.items() if k not in ("hint", "words") or v}
        kept.append(dict(optional))
    return kept


def _head(program: Program) -> Data:
    settings = program.settings
    return {
        "slug": program.slug,
        "name": pick(program.name, "en"),
        "short_name": settings.get("short_name", ""),
        "languages": list(settings.get("languages", ("en", "es"))),
        "time_zone": program.time_zone,
        "contact": program.contact,
        "mail_sender": settings.get("mail_sender", ""),
        "place": dict(program.tagline),
        "tagline": dict(program.texts.get("description", {})),
    }


def _award(award: Data) -> Data:
    return {"total": award.get("total", 0), "parts": _copied(award.get("parts", ()))}


def _nominations(kept: Data) -> Data:
    low, high = kept.get("story_words", (40, 250))
    return {"story_min_words": low, "story_max_words": high, **{k: v for k, v in kept.items() if k != "story_words"}}


def _eligibility(cycle: Cycle) -> list[Data]:
    return [
        {"key": rule.key, "check": rule.checked_by, "public": rule.public, "text": dict(rule.text)}
        for rule in cycle.eligibility
    ]


def _districts(program: Program) -> list[Data]:
    found = []
    for each in program.districts:
        # The short form is kept as the first of the aliases (see `actions.load`).
        rest = [alias for alias in each.aliases if alias != each.short]
        found.append({"key": each.key, "name": each.name, "short": each.short, "aliases": rest})
    return found


def _categories(cycle: Cycle) -> list[Data]:
    return [
        {"key": each.key, "places": each.places, "positions": list(each.positions), "name": dict(each.name)}
        for each in cycle.categories
    ]


def _windows_and_rounds(cycle: Cycle, rounds: list[Round]) -> Data:
    zone = ZoneInfo(cycle.program.time_zone)
    windows = {window.key: window for window in cycle.windows}

    def times(key: str) -> Data:
        window = windows.get(key)
        opens, closes = (window.opens_at, _closing(window)) if window else (None, None)
        return {"opens": offset(opens, cycle.opening_day, zone), "closes": offset(closes, cycle.opening_day, zone)}

    def words(key: str) -> Data:
        window = windows.get(key)
        return {"name": dict(window.name) if window else {}, "text": dict(window.text) if window else {}}

    return {
        "windows": {key: {**times(key), **words(key)} for key in CYCLE_WINDOWS},
        "rounds": [
            {
                "key": each.key,
                "kind": each.kind,
                "rubric": _newest(each).key if _newest(each) else "",
                "readers": each.readers,
                "past_winners": each.past_winners,
                "max_load": each.max_load,
                "panel_size": each.panel_size,
                **_given(advance=each.advance),
                "name": dict(each.name),
                "text": dict(each.text),
                "window": times(each.key),
                "scoring": times(f"{each.key}.scoring"),
            }
            for each in rounds
        ],
    }


def _closing(window: Window) -> datetime:
    """A moment without an end is written with the shortest one: a file knows only spans."""
    return window.closes_at or window.opens_at + timedelta(minutes=1)


def _newest(round_: Round) -> Any:
    return round_.rubrics[-1] if round_.rubrics else None


def _levels(rounds: list[Round]) -> Data:
    last = next((rubric for each in reversed(rounds) if (rubric := _newest(each))), None)
    return {
        "names": [dict(name) for name in last.levels] if last else [],
        "reference": last.reference if last else 3.0,
    }


def _rubrics(rounds: list[Round]) -> list[Data]:
    """Each rubric once: as the last round that scores on it has it, a criterion from the first round that asks it."""
    by_key: dict[str, list[tuple[Round, Rubric]]] = {}
    for each in rounds:
        if rubric := _newest(each):
            by_key.setdefault(rubric.key, []).append((each, rubric))
    found = []
    for key, uses in by_key.items():
        last_round, rubric = uses[-1]
        first_asked = {c.key: each.key for each, used in reversed(uses) for c in used.criteria}
        criteria = [
            {
                "key": each.key,
                "weight": round(each.weight),
                **({"from_round": asked} if (asked := first_asked[each.key]) != uses[0][0].key else {}),
                "name": dict(each.name),
                "text": dict(each.text),
                "levels": [dict(text) for text in each.descriptors],
            }
            for each in rubric.criteria
        ]
        shares = {"final_weight": last_round.final_weight, "min_judged_share": rubric.min_judged_share}
        found.append({"key": key, **shares, "name": dict(rubric.name), "criteria": criteria})
    return found


def _letters(kept: Data) -> list[Data]:
    return [{"key": key, **_given(**kept[key])} for key in LETTERS if key in kept]
