"""The pages of programs: the year at a glance, the directory of schools, imports of it."""

from importlib import import_module

# Each module holds one blueprint, `bp`.
PARTS = ("year", "schools", "school_imports")

BLUEPRINTS = tuple(import_module(f"{__name__}.{part}").bp for part in PARTS)
