"""Where the staff's pages of this package register, and the order a board is looked at in."""

from typing import Any

from flask import Blueprint, request

from portal.selection.line import ORDERS

bp = Blueprint("selection", __name__)


def asked_order(run: Any) -> str:
    """The order in the address, else the one the computation recommends."""
    asked = request.values.get("order", "")
    return asked if asked in ORDERS else (run.result or {}).get("recommended", "adjusted")
