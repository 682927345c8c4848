"""A program's file and the school directory it names: found, read and written, on the disk or among the defaults."""

import csv
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core.db import db
from portal.programs import stored
from portal.programs.definition import DefinitionErrors, Problem, ProgramDefinition, as_toml, parse_definition
from portal.programs.models import Cycle, School
from portal.programs.schools import COLUMNS, SchoolRow, parse_schools

DEFAULTS = Path(__file__).parent / "defaults"


@dataclass(frozen=True)
class ProgramFile:
    """A program as its files tell it, checked whole."""

    definition: ProgramDefinition
    schools: list[SchoolRow]


def default_names() -> list[str]:
    """The programs that are shipped: ["teach-on", ...]."""
    return sorted(path.stem for path in DEFAULTS.glob("*.toml"))


def find(name: str) -> Path:
    """The file itself, or the shipped program of that name ("teach-on", "teach-on.toml"). Raises FileNotFoundError."""
    given = Path(name)
    shipped = DEFAULTS / f"{given.stem}.toml"
    if given.is_file():
        return given
    if given.name in (shipped.stem, shipped.name) and shipped.is_file():
        return shipped
    raise FileNotFoundError(name)


def read(path: Path) -> ProgramFile:
    """Reads a program's file and its schools. Raises DefinitionErrors with every mistake of either."""
    definition = parse_definition(_text(path, "", "this file"))
    if definition.schools_file is None:
        return ProgramFile(definition, [])
    beside = path.parent / definition.schools_file
    if not beside.is_file():
        sentence = f"there is no file {definition.schools_file} beside {path.name}."
        raise DefinitionErrors([Problem(1, "program.schools_file", sentence)])
    text = _text(beside, "program.schools_file", beside.name)
    return ProgramFile(definition, parse_schools(text, definition.districts, beside.name))


def _text(path: Path, key: str, called: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DefinitionErrors([Problem(1, key, f"{called} is not a text in UTF-8.")]) from None


def write(folder: Path, cycle: Cycle) -> list[Path]:
    """Writes the program's file, and its schools beside it when there are any; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    slug, data = cycle.program.slug, stored.whole_of(cycle)
    written = []
    schools = _open_schools(cycle.program_id)
    if schools:
        data["program"]["schools_file"] = f"{slug}-schools.csv"
        written.append(folder / f"{slug}-schools.csv")
        with written[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows((each.district.key, each.name, each.level, each.city) for each in schools)
    written.append(folder / f"{slug}.toml")
    written[-1].write_text(as_toml(data, _not_in_here(cycle, beside=True)), encoding="utf-8")
    return written


def as_text(cycle: Cycle) -> str:
    """The program as one file, for those who have no folder for its schools."""
    return as_toml(stored.whole_of(cycle), _not_in_here(cycle, beside=False))


def _not_in_here(cycle: Cycle, *, beside: bool) -> str:
    """The lines that say which schools must come another way, so that nobody loses them; "" when there are none."""
    has_id = School.nces_id != ""  # said once: PostgreSQL takes two parameters for two expressions
    query = select(has_id, func.count()).where(School.closed_at.is_(None))
    query = query.where(School.program_id == cycle.program_id).group_by(has_id)
    counts = {bool(is_data): count for is_data, count in db.session.execute(query)}
    lines, slug = [], cycle.program.slug
    if counts.get(False) and not beside:
        lines += [f"Not in here: {counts[False]:,} schools of the directory. They come beside the file with:",
                  f"  portal program write {slug} --to FOLDER"]  # fmt: skip
    if counts.get(True):
        lines += [f"Not in here: {counts[True]:,} schools from the Common Core of Data. Bring them in again with:",
                  f"  portal import schools FILE --program {slug}"]  # fmt: skip
    return "\n".join(lines)


def _open_schools(program_id: int) -> list[School]:
    """Those that came by such a file or by hand; the others come again from the Common Core of Data."""
    query = select(School).where(School.program_id == program_id, School.closed_at.is_(None), School.nces_id == "")
    query = query.options(joinedload(School.district)).order_by(School.district_id, School.key)
    return list(db.session.scalars(query))
