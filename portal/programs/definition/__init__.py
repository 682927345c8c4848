"""A program's TOML file read into frozen values, every mistake named by line and field. Knows no database."""

from portal.programs.definition.parse import parse_definition, read_definition
from portal.programs.definition.shape import (
    CriterionDefinition,
    DefinitionErrors,
    Problem,
    ProgramDefinition,
    RoundDefinition,
    RubricDefinition,
    Text,
    WindowDefinition,
)
from portal.programs.definition.windows import WindowTimes, windows_for
from portal.programs.definition.write import as_toml

__all__ = [
    "CriterionDefinition",
    "DefinitionErrors",
    "Problem",
    "ProgramDefinition",
    "RoundDefinition",
    "RubricDefinition",
    "Text",
    "WindowDefinition",
    "WindowTimes",
    "as_toml",
    "parse_definition",
    "read_definition",
    "windows_for",
]
