"""Finds and reads a program's file and the school directory it names, from the disk or from the shipped defaults."""

from dataclasses import dataclass
from pathlib import Path

from portal.programs.definition import DefinitionErrors, Problem, ProgramDefinition, parse_definition
from portal.programs.schools import SchoolRow, parse_schools

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
    try:
        definition = parse_definition(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise DefinitionErrors([Problem(1, "", "this file is not a text in UTF-8.")]) from None
    if definition.schools_file is None:
        return ProgramFile(definition, [])
    beside = path.parent / definition.schools_file
    if not beside.is_file():
        sentence = f"there is no file {definition.schools_file} beside {path.name}."
        raise DefinitionErrors([Problem(1, "program.schools_file", sentence)])
    text = beside.read_text(encoding="utf-8-sig")
    return ProgramFile(definition, parse_schools(text, definition.districts, beside.name))
