"""From the text of a TOML file to a ProgramDefinition, or to all its mistakes at once."""

from __future__ import annotations

import re
import tomllib
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _

from portal.core.forms import is_address
from portal.core.i18n import LANGUAGES
from portal.programs import colors
from portal.programs.definition import parts, shape
from portal.programs.definition.checks import check_whole
from portal.programs.definition.forms import read_forms
from portal.programs.definition.reader import Book, Table
from portal.programs.definition.shape import DefinitionErrors, Problem, ProgramDefinition
from portal.programs.definition.source import Lines, lines_of

_PLACE = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def parse_definition(text: str) -> ProgramDefinition:
    """Read and check a whole program file. Raises DefinitionErrors with every mistake by line and field."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionErrors([_syntax(text, str(error))]) from None
    except RecursionError:
        sentence = _("tables and lists are nested too deeply here to be a program.")
        raise DefinitionErrors([Problem(1, "", sentence)]) from None
    return read_definition(data, lines_of(text))


def read_definition(data: dict[str, Any], lines: Lines | None = None) -> ProgramDefinition:
    """Check a whole program given as TOML's plain values; without `lines` every mistake stands on line 1."""
    book = Book(lines or {})
    definition = _program(Table(book, (), data))
    if definition is not None:
        check_whole(definition, book)
    if book.problems or definition is None:
        raise DefinitionErrors(book.problems)
    return definition


def _syntax(text: str, message: str) -> Problem:
    found = _PLACE.match(message)
    lines = text.replace("\r\n", "\n").split("\n")
    line = int(found["line"]) if found and found["line"] else len(lines)
    if found and found["line"] and line > 1 and not lines[line - 1].strip():
        line -= 1  # tomllib reports an unfinished line at the beginning of the next
    written = lines[line - 1] if line <= len(lines) else ""
    key = written.partition("=")[0].strip().strip("[]")
    what = (found["what"] if found else message).rstrip(".")
    sentence = _("this cannot be read as TOML: %(what)s.", what=f"{what[0].lower()}{what[1:]}")
    return Problem(line, key if len(key) < 60 else "", sentence)


def _languages(table: Table, book: Book) -> tuple[str, ...]:
    given = table.strings("languages")
    for number, language in enumerate(given):
        if language not in LANGUAGES:
            book.complain(
                (*table.path, "languages", number),
                _("“%(language)s” is not a language Laurel speaks: en, es.", language=language),
            )
    return tuple(language for language in given if language in LANGUAGES) or ("en",)


def _program(top: Table) -> ProgramDefinition:
    book = top.book
    head = top.table("program")
    languages = book.languages = _languages(head, book)
    colors_ = top.table("colors")
    accent, accent_dark = _colors(colors_)
    hero, honored, award, levels, ties = (top.table(name) for name in ("hero", "honored", "award", "levels", "ties"))
    definition = ProgramDefinition(
        slug=_slug(head),
        name=head.string("name"),
        short_name=head.string("short_name"),
        languages=languages,
        time_zone=_time_zone(head),
        contact=_contact(head),
        mail_sender=head.string("mail_sender"),
        schools_file=head.string("schools_file", needed=False) or None,
        place=head.text("place"),
        tagline=head.text("tagline"),
        accent=accent,
        accent_dark=accent_dark,
        headline=hero.text("headline"),
        emphasis=hero.text("emphasis"),
        lead=hero.text("lead"),
        honored_before=honored.integer("before"),
        honored_since=honored.integer("since", 1800, 2200),
        award_total=award.integer("total", 1),
        award=tuple(parts.award_part(each) for each in award.tables("parts")),
        story=tuple(parts.story(each) for each in top.tables("story", needed=False)),
        voices=tuple(parts.voice(each) for each in top.tables("voices", needed=False)),
        criteria=tuple(parts.criterion(each) for each in top.tables("criteria")),
        eligibility=tuple(parts.eligibility(each) for each in top.tables("eligibility")),
        districts=tuple(parts.district(each) for each in top.tables("districts")),
        positions=tuple(parts.position(each) for each in top.tables("positions")),
        groups=_groups(top.table("groups")),
        relations=tuple(parts.relation(each) for each in top.tables("relations")),
        nominations=parts.nominations(top.table("nominations")),
        categories=tuple(parts.category(each) for each in top.tables("categories")),
        windows=_windows(top.table("windows")),
        rounds=tuple(parts.round_(each) for each in top.tables("rounds")),
        level_names=levels.texts("names"),
        level_reference=levels.number("reference", 1, 10),
        rubrics=tuple(parts.rubric(each) for each in top.tables("rubrics")),
        tie_criteria=ties.strings("criteria"),
        forms=read_forms(top),
        questions=tuple(parts.question(each) for each in top.tables("questions", needed=False)),
        letters=tuple(parts.letter(each) for each in top.tables("letters", needed=False)),
    )
    for table in (top, head, colors_, hero, honored, award, levels, ties):
        table.finish()
    return definition


def _groups(table: Table) -> dict[str, shape.Text]:
    found = {group: table.text(group) for group in shape.GROUPS}
    table.finish()
    return found


def _windows(table: Table) -> tuple[shape.WindowDefinition, ...]:
    found = tuple(parts.window(table.table(key), key, named=True) for key in shape.CYCLE_WINDOWS)
    table.finish()
    return found


def _slug(table: Table) -> str:
    slug = table.string("slug")
    if slug and not _SLUG.fullmatch(slug):
        table.complain("slug", _("write it in small letters, digits and single hyphens, like “teach-on”."))
    return slug


def _contact(table: Table) -> str:
    contact = table.string("contact")
    if contact and not is_address(contact):
        table.complain("contact", _("“%(contact)s” is not an e-mail address.", contact=contact))
    return contact


def _time_zone(table: Table) -> str:
    name = table.string("time_zone")
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        table.complain("time_zone", _("“%(name)s” is not a time zone. Write it like “America/New_York”.", name=name))
        return "UTC"
    return name


def _colors(table: Table) -> tuple[str, str | None]:
    accent, dark = table.string("accent"), table.string("accent_dark", needed=False) or None
    readable = True
    for key, value in (("accent", accent), ("accent_dark", dark)):
        if value and not colors.is_color(value):
            table.complain(key, _("“%(value)s” is not a color. Write it like “#1f4a36”.", value=value))
            readable = False
    if readable and accent:
        for key, against, ratio in colors.unreadable(accent, dark):
            sentence = _(
                "the contrast with %(against)s is %(ratio)s to 1; readable text needs %(least)s to 1.",
                against=against,
                ratio=f"{ratio:.1f}",
                least=colors.READABLE,
            )
            table.complain(key, sentence)
    return accent, dark
