"""The bytes of a workbook as the texts of its sheets, read in a process of its own that can't take the server along."""

import json
import subprocess
import sys
from pathlib import Path

from flask_babel import lazy_gettext as _l

from portal.nominations.sheet import child
from portal.nominations.sheet.problems import MOST_COLUMNS, MOST_ROWS, SheetProblem, too_large

Rows = list[list[str]]
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # how a protected XLSX names its content


def read_workbook(content: bytes) -> dict[str, Rows]:
    """{name of a sheet: its rows}, row 1 first. Raises SheetProblem with a sentence."""
    command = [sys.executable, "-I", str(Path(child.__file__)), str(MOST_ROWS), str(MOST_COLUMNS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=child.SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise too_large() from error
    if done.returncode == child.PASSWORD or (done.returncode and ENCRYPTED in content):
        raise SheetProblem(
            _l("This workbook is protected by a password. Save it without the password and choose it again.")
        )
    if done.returncode == child.NO_SHEET:
        raise SheetProblem(
            _l("This can't be read as a workbook. Open it, save the sheet as XLSX or CSV, and choose that file.")
        )
    if done.returncode != 0:  # also when the system stopped it
        raise too_large()
    found = json.loads(done.stdout)
    return {str(name): rows for name, rows in found}
