"""The pages of nominations: the public form, the organizer's desk of files, imports, and the nominee's consent."""

from importlib import import_module

# Each module holds one blueprint, `bp`.
PARTS = ("public", "organizer", "imports", "import_steps", "consent", "letters")

BLUEPRINTS = tuple(import_module(f"{__name__}.{part}").bp for part in PARTS)
