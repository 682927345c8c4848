"""The one blueprint of the review's pages."""

from flask import Blueprint

bp = Blueprint("review", __name__)
