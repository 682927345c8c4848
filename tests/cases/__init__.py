"""Published cases with known answers; SOURCES.md says where each comes from."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent


def load(name: str) -> Any:
    """A JSON case."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def table(name: str) -> NDArray[np.float64]:
    """A CSV case without its header and first column; gaps are nan."""
    return np.genfromtxt(FOLDER / f"{name}.csv", delimiter=",", skip_header=1)[:, 1:]
