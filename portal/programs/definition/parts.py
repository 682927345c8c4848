"""Each part of a program file, from its table to its frozen value; whatever is wrong lands in the reader's book."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.programs import rules
from portal.programs.definition import shape
from portal.programs.definition.reader import Table
from portal.programs.letters import LETTERS, unknown_placeholders


def criterion(table: Table) -> shape.PublicCriterion:
    found = shape.PublicCriterion(table.key(), table.text("name"), table.text("headline"), table.text("text"))
    table.finish()
    return found


def award_part(table: Table) -> shape.AwardPart:
    found = shape.AwardPart(table.key(), table.integer("amount", 1), table.text("text"))
    table.finish()
    return found


def eligibility(table: Table) -> shape.EligibilityRule:
    check = table.choice("check", rules.CHECKS)
    found = shape.EligibilityRule(table.key(), check, table.flag("public", default=True), table.text("text"))
    table.finish()
    return found


def district(table: Table) -> shape.District:
    aliases = table.strings("aliases", needed=False)
    found = shape.District(table.key(), table.string("name"), table.string("short", needed=False), aliases)
    table.finish()
    return found


def position(table: Table) -> shape.Position:
    words = table.strings("words", needed=False)
    found = shape.Position(table.key(), table.flag("eligible"), table.text("name"), words)
    table.finish()
    return found


def relation(table: Table) -> shape.Relation:
    found = shape.Relation(
        key=table.key(),
        group=table.choice("group", shape.GROUPS),
        alone=table.flag("alone", default=True),
        name=table.text("name"),
        hint=table.text("hint", needed=False),
        words=table.strings("words", needed=False),
    )
    table.finish()
    return found


def nominations(table: Table) -> shape.NominationSettings:
    found = shape.NominationSettings(
        story_min_words=table.integer("story_min_words", 1, 2000),
        story_max_words=table.integer("story_max_words", 1, 5000),
        adult_age=table.integer("adult_age", 0, 21),
        self_needs_seconders=table.integer("self_needs_seconders", 0, 20),
        family_alone_qualifies=table.flag("family_alone_qualifies"),
        confirm_within_days=table.integer("confirm_within_days", 1, 365),
        remind_after_days=table.integer("remind_after_days", 1, 365),
        consent_within_days=table.integer("consent_within_days", 1, 365),
        consent_remind_after_days=table.integer("consent_remind_after_days", 1, 365),
        drafts_kept_days=table.integer("drafts_kept_days", 1, 365, default=30),
        story_question=table.text("story_question"),
        story_hint=table.text("story_hint"),
        least_seconds=table.integer("least_seconds", 0, 600, default=20),
        network_an_hour=table.integer("network_an_hour", 1, 100_000, default=150),
        address_an_hour=table.integer("address_an_hour", 1, 1000, default=10),
        proof_of_work=table.integer("proof_of_work", 0, 18, default=0),
    )
    if found.story_max_words <= found.story_min_words:
        least = found.story_min_words
        table.complain("story_max_words", _("this must be more than the fewest words, %(least)s.", least=least))
    for late, limit in (
        ("remind_after_days", "confirm_within_days"),
        ("consent_remind_after_days", "consent_within_days"),
    ):
        if getattr(found, late) >= getattr(found, limit):
            days = getattr(found, limit)
            table.complain(late, _("the reminder must come before the %(days)s days have passed.", days=days))
    table.finish()
    return found


def category(table: Table) -> shape.Category:
    positions = table.strings("positions")
    found = shape.Category(table.key(), table.integer("places", 1, 10_000), positions, table.text("name"))
    table.finish()
    return found


def story(table: Table) -> shape.Story:
    found = shape.Story(table.text("title"), table.text("text"))
    table.finish()
    return found


def voice(table: Table) -> shape.Voice:
    language = table.choice("language", table.book.languages)
    found = shape.Voice(language, table.string("quote"), table.text("by"))
    table.finish()
    return found


def question(table: Table) -> shape.Question:
    found = shape.Question(table.text("question"), table.text("answer"))
    table.finish()
    return found


def letter(table: Table) -> shape.LetterWords:
    key = table.choice("key", tuple(LETTERS))
    found = shape.LetterWords(key, table.text("subject", needed=False), table.text("opening", needed=False))
    for part in ("subject", "opening") if key in LETTERS else ():
        for language, written in getattr(found, part).items():
            for unknown in unknown_placeholders(key, written):
                known = ", ".join(f"{{{name}}}" for name in LETTERS[key].placeholders)
                sentence = _(
                    "“%(word)s” means nothing in this letter. There are: %(known)s.", word=unknown, known=known
                )
                table.complain(f"{part}.{language}", sentence)
    table.finish()
    return found


def window(table: Table, key: str, *, named: bool) -> shape.WindowDefinition:
    name = table.text("name") if named else {}
    text = table.text("text") if named else {}
    opens, closes = table.offset("opens"), table.offset("closes")
    if closes <= opens and table.has("opens") and table.has("closes"):
        table.complain(
            "closes",
            _(
                "this is %(closes)s, but the window opens on %(opens)s. It must close later.",
                closes=closes,
                opens=opens,
            ),
        )
    table.finish()
    return shape.WindowDefinition(key, opens, closes, name, text)


def round_(table: Table) -> shape.RoundDefinition:
    key = table.key()
    past_winners, readers = table.integer("past_winners", 0, 50), table.integer("readers", 1, 50)
    if past_winners > readers:
        table.complain("past_winners", _("this is more than the %(readers)s readers of a file.", readers=readers))
    found = shape.RoundDefinition(
        key=key,
        kind=table.choice("kind", rules.ROUND_KINDS),
        name=table.text("name"),
        text=table.text("text"),
        rubric=table.string("rubric"),
        readers=readers,
        past_winners=past_winners,
        max_load=table.integer("max_load", 1, 10_000),
        panel_size=table.integer("panel_size", 1, 10_000),
        advance=table.integer("advance", 1) if table.has("advance") else None,
        window=window(table.table("window"), key, named=False),
        scoring=window(table.table("scoring"), f"{key}.scoring", named=False),
    )
    if found.panel_size < readers:
        table.complain(
            "panel_size", _("this is less than the %(readers)s readers that each file needs.", readers=readers)
        )
    table.finish()
    return found


def rubric(table: Table) -> shape.RubricDefinition:
    found = shape.RubricDefinition(
        key=table.key(),
        name=table.text("name"),
        final_weight=table.integer("final_weight", 1, 100),
        min_judged_share=table.integer("min_judged_share", 1, 100),
        criteria=tuple(rubric_criterion(each) for each in table.tables("criteria")),
    )
    table.finish()
    return found


def rubric_criterion(table: Table) -> shape.CriterionDefinition:
    found = shape.CriterionDefinition(
        key=table.key(),
        weight=table.integer("weight", 1, 100),
        name=table.text("name"),
        text=table.text("text"),
        levels=table.texts("levels"),
        from_round=table.string("from_round") if table.has("from_round") else None,
    )
    table.finish()
    return found
