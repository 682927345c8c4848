"""The tables of programs: the award and its years, and the directory of schools."""

from portal.programs.models.award import (
    Category,
    Criterion,
    Cycle,
    EligibilityRule,
    Program,
    Round,
    Rubric,
    Window,
)
from portal.programs.models.directory import District, QuietAddress, School, SchoolImport, SchoolWord, spaced

__all__ = [
    "Category",
    "Criterion",
    "Cycle",
    "District",
    "EligibilityRule",
    "Program",
    "QuietAddress",
    "Round",
    "Rubric",
    "School",
    "SchoolImport",
    "SchoolWord",
    "Window",
    "spaced",
]
