"""The one blueprint of the Collective's pages."""

from flask import Blueprint

bp = Blueprint("collective", __name__)
