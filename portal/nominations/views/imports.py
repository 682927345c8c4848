"""To be written by its owner."""
from flask import Blueprint
bp = Blueprint("nominations_imports", __name__)
