"""Nominations and the nominee files they form, what stands beside them, imports row by row, saved views of lists."""

from portal.nominations.models.beside import (
    ErasedMark,
    FairPlayFlag,
    FileJoin,
    FileKey,
    FilePair,
    Print,
)
from portal.nominations.models.files import Nomination, NomineeFile
from portal.nominations.models.imports import ImportRow, ImportRun
from portal.nominations.models.views import SavedView

__all__ = [
    "ErasedMark",
    "FairPlayFlag",
    "FileJoin",
    "FileKey",
    "FilePair",
    "ImportRow",
    "ImportRun",
    "Nomination",
    "NomineeFile",
    "Print",
    "SavedView",
]
