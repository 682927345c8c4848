"""To be written by its owner."""
from flask import Blueprint
bp = Blueprint("nominations_letters", __name__)
