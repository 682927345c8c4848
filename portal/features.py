"""The packages in their one total order, and what each gives the application. Imports look up only."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from flask import Flask

ORDER = (
    "core",
    "accounts",
    "questions",
    "programs",
    "nominations",
    "applications",
    "review",
    "selection",
    "collective",
    "convenings",
    "surveys",
    "impact",
    "coalition",
    "desk",
    "site",
    "demo",
)


def load() -> list[ModuleType]:
    """Imports each package's models, jobs and views, in order."""
    rooms = [(package, room) for package in ORDER[1:] for room in ("models", "jobs", "views")]
    names = [f"portal.{package}.{room}" for package, room in rooms if find_spec(f"portal.{package}")]
    return [import_module(name) for name in names if find_spec(name)]


def init_app(app: Flask) -> None:
    """Gives the application what the packages hold; a package's views name their blueprints in `BLUEPRINTS`."""
    for module in load():
        for blueprint in getattr(module, "BLUEPRINTS", ()):
            app.register_blueprint(blueprint)
