"""What guards walk: source files, packages, rooms, templates."""

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.features import ORDER

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"
ROOMS = ("rules", "models", "queries", "mail", "actions", "jobs", "forms", "views")


def sources() -> Iterator[Path]:
    """Every module of the product."""
    return (p for p in sorted(PORTAL.rglob("*.py")) if "__pycache__" not in p.parts)


def imports(source: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import, `from a import b` as a.b; a relative one begins with its dots."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (f"{node.module}." if node.module else "")
            yield from ((node.lineno, f"{module}{alias.name}") for alias in node.names)


def place(path: Path) -> tuple[str, str]:
    """(package, room) of a module: ("review", "actions"); the room of a plain module is its own name."""
    parts = path.relative_to(PORTAL).with_suffix("").parts
    return (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])


def wrong_imports(path: Path, source: str) -> list[str]:
    """What a module imports that it may not: from a later package, a later room, another package's views or forms, or
    by a name that does not say where from.
    """
    package, room = place(path)
    every = list(imports(source))
    found = [f"{path.name}:{line} imports {name}: say its whole name" for line, name in every if name[0] == "."]
    if not package:
        return found  # app, cli, features: tables of contents that name everything
    for line, name in every:
        said = f"{path.name}:{line} imports {name}"
        parts = name.split(".")
        if room == "rules" and parts[0] in ("flask", "sqlalchemy", "flask_login", "flask_sqlalchemy"):
            found.append(f"{said}: rules know no web and no database")
        if room in ("models", "queries", "actions") and parts[0] == "flask":
            found.append(f"{said}: {room} know no web")
        if parts[0] != "portal" or len(parts) < 2:
            continue
        other, other_room = parts[1], parts[2] if len(parts) > 2 else ""
        if other in ("app", "cli", "features"):
            if package != "demo":
                found.append(f"{said}: only the outside starts the application")
        elif ORDER.index(other) > ORDER.index(package):
            found.append(f"{said}: {other} comes after {package}")
        elif other == package and room in ROOMS and other_room in ROOMS and ROOMS.index(other_room) > ROOMS.index(room):
            found.append(f"{said}: {other_room} comes after {room}")
        elif other not in (package, "core") and other_room in ("views", "forms", "jobs"):
            found.append(f"{said}: another package's {other_room} are its own")
    return found
