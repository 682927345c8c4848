"""From a definition to the values of the tables' columns: the one place that knows both shapes. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from portal.programs import colors
from portal.programs.actions.report import plain
from portal.programs.definition import CriterionDefinition, ProgramDefinition, RoundDefinition, RubricDefinition


def program_columns(definition: ProgramDefinition) -> dict[str, Any]:
    """What a Program row holds, but its slug and time zone."""
    return {
        "name": dict.fromkeys(definition.languages, definition.name),
        "tagline": dict(definition.place),
        "contact": definition.contact,
        "texts": _texts(definition),
        "settings": _settings(definition),
        "colors": _colors(definition),
    }


def _listed(things: Any) -> list[Any]:
    return [plain(_without_proxies(asdict(each))) for each in things]


def _without_proxies(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: dict(value) if isinstance(value, Mapping) else value for key, value in values.items()}


def _texts(definition: ProgramDefinition) -> dict[str, Any]:
    """Everything that only the public page shows."""
    return {
        "description": dict(definition.tagline),
        "headline": dict(definition.headline),
        "emphasis": dict(definition.emphasis),
        "lead": dict(definition.lead),
        "honored": {"before": definition.honored_before, "since": definition.honored_since},
        "award": {"total": definition.award_total, "parts": _listed(definition.award)},
        "story": _listed(definition.story),
        "voices": _listed(definition.voices),
        "criteria": _listed(definition.criteria),
        "questions": _listed(definition.questions),
    }


def _settings(definition: ProgramDefinition) -> dict[str, Any]:
    """What the other packages ask for: positions, relations, the nomination form, the tie-break."""
    asked = definition.nominations
    nomination = _without_proxies(asdict(asked))
    del nomination["story_min_words"], nomination["story_max_words"]
    return {
        "short_name": definition.short_name,
        "languages": list(definition.languages),
        "mail_sender": definition.mail_sender,
        "positions": _listed(definition.positions),
        "groups": {key: dict(text) for key, text in definition.groups.items()},
        "relations": _listed(definition.relations),
        "nomination": {"story_words": [asked.story_min_words, asked.story_max_words], **nomination},
        "tie_criteria": list(definition.tie_criteria),
        "letters": {
            each.key: {"subject": dict(each.subject), "opening": dict(each.opening)} for each in definition.letters
        },
    }


def _colors(definition: ProgramDefinition) -> dict[str, Any]:
    """The accents as given and both themes as computed from them."""
    return {
        "accent": definition.accent,
        "accent_dark": definition.accent_dark,
        "light": colors.light_theme(definition.accent)._asdict(),
        "dark": colors.dark_theme(definition.accent, definition.accent_dark)._asdict(),
    }


def round_columns(definition: ProgramDefinition, each: RoundDefinition) -> dict[str, Any]:
    """What a Round row holds, but its key, position and owner."""
    return {
        "kind": each.kind,
        "name": dict(each.name),
        "text": dict(each.text),
        "readers": each.readers,
        "max_load": each.max_load,
        "past_winners": each.past_winners,
        "panel_size": each.panel_size,
        "advance": each.advance,
        "final_weight": definition.rubric(each.rubric).final_weight,
    }


def rubric_columns(definition: ProgramDefinition, rubric: RubricDefinition) -> dict[str, Any]:
    """What a Rubric row holds, but its criteria, version and round."""
    return {
        "key": rubric.key,
        "name": dict(rubric.name),
        "levels": [dict(name) for name in definition.level_names],
        "reference": definition.level_reference,
        "min_judged_share": rubric.min_judged_share,
    }


def criterion_columns(definition: ProgramDefinition, each: CriterionDefinition, position: int) -> dict[str, Any]:
    """What a Criterion row holds, but its rubric."""
    return {
        "position": position,
        "key": each.key,
        "name": dict(each.name),
        "text": dict(each.text),
        "weight": float(each.weight),
        "breaks_ties": each.key in definition.tie_criteria,
        "descriptors": [dict(level) for level in each.levels],
    }
