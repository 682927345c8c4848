"""The pages of programs: the year and all that is changed in it, the directory of schools, imports of it."""

from importlib import import_module

# Each of these adds its routes to the blueprint of `base`; each of the others holds one of its own, `bp`.
for _part in ("year", "editing", "looks", "letters", "copying"):
    import_module(f"{__name__}.{_part}")
PARTS = ("base", "schools", "school_contacts", "school_imports")

BLUEPRINTS = tuple(import_module(f"{__name__}.{part}").bp for part in PARTS)
