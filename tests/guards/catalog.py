"""Brings the Spanish catalog up to date with the product's messages: python -m tests.guards.catalog

New messages enter without a translation, those that the product no longer says leave, and the machine's catalog (.mo)
is compiled. Prints what still has to be translated, and where it stands. Translate in messages.po and run it again.
"""

import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.guards.house import PORTAL, ROOT

CATALOG = PORTAL / "translations" / "es" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None, "gettext": None, "_l": None, "lazy_gettext": None, "N_": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "_n": (1, 2),
}


def first(message: Any) -> str:
    """The message, of a plural the singular."""
    return str(message[0] if isinstance(message, (tuple, list)) else message)


def extracted() -> dict[str, tuple[Any, str]]:
    """Every message of the product -> (the message, with its plural if it has one; where it stands first)."""
    with (PORTAL / "translations" / "babel.cfg").open() as file:
        method, options = parse_mapping_cfg(file)
    found: dict[str, tuple[Any, str]] = {}
    for part in ("portal", "templates"):
        patterns = [(p.removeprefix(f"{part}/"), how) for p, how in method if p.startswith(f"{part}/")]
        its = {p.removeprefix(f"{part}/"): o for p, o in options.items() if p.startswith(f"{part}/")}
        # Babel's own choice of folders leaves out those that begin with an underscore, and with them the kit.
        all_of_them = extract_from_dir(ROOT / part, patterns, its, KEYWORDS, directory_filter=lambda _folder: True)
        for name, line, message, _comments, _context in all_of_them:
            known = found.get(first(message))
            if known is None or (isinstance(message, tuple) and not isinstance(known[0], tuple)):
                found[first(message)] = (message, f"{part}/{name}:{line}")
    return found


def write(catalog: Catalog, path: Path) -> None:
    """Writes the texts and beside them the machine's catalog, in the one form that comparing likes."""
    with path.open("wb") as file:
        write_po(file, catalog, width=0, sort_output=True, no_location=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def update(path: Path = CATALOG) -> list[str]:
    """Updates the catalog; "where: message" of everything that has no translation."""
    with path.open("rb") as file:
        catalog = read_po(file, locale="es")
    said = extracted()
    for message in list(catalog):
        if message.id and first(message.id) not in said:
            catalog.delete(first(message.id))
    for key, (message_id, _where) in said.items():
        known = catalog.get(key)
        if known is None:
            catalog.add(message_id)
        elif isinstance(message_id, tuple) and not isinstance(known.id, (tuple, list)):
            catalog.delete(key)
            catalog.add(message_id, (known.string, ""))
    write(catalog, path)
    return [f"{said[first(m.id)][1]}: {first(m.id)}" for m in catalog if m.id and not _whole(m)]


def _whole(message: Any) -> bool:
    given = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(given) and all(given)


if __name__ == "__main__":
    lacking = update()
    print(*lacking, sep="\n")
    print(f"{len(lacking)} to translate.", file=sys.stderr)
