"""Nominations and the nominee files they form, what stands beside them, notes, imports, saved views of lists."""

from portal.nominations.models import standing as _standing  # noqa: F401  (its triggers)
from portal.nominations.models.beside import (
    ErasedMark,
    FairPlayFlag,
    FileJoin,
    FileKey,
    FilePair,
    Print,
)
from portal.nominations.models.bulk import BulkAct, BulkItem
from portal.nominations.models.files import Nomination, NomineeFile
from portal.nominations.models.imports import ImportRow, ImportRun
from portal.nominations.models.notes import FileNote, NoteMention
from portal.nominations.models.views import SavedView

__all__ = [
    "BulkAct",
    "BulkItem",
    "ErasedMark",
    "FairPlayFlag",
    "FileJoin",
    "FileKey",
    "FileNote",
    "FilePair",
    "ImportRow",
    "ImportRun",
    "Nomination",
    "NomineeFile",
    "NoteMention",
    "Print",
    "SavedView",
]
