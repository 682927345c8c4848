"""The packages in their one total order, and what each gives the application. Imports look up only."""

from importlib import import_module
from importlib.util import find_spec

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


def init_app(app: Flask) -> None:
    """Loads each package's models, jobs and views; a package's views name their blueprints in `BLUEPRINTS`."""
    for package in ORDER[1:]:
        for room in ("models", "jobs", "views"):
            name = f"portal.{package}.{room}"
            if find_spec(f"portal.{package}") is None or find_spec(name) is None:
                continue
            module = import_module(name)
            for blueprint in getattr(module, "BLUEPRINTS", ()):
                app.register_blueprint(blueprint)
