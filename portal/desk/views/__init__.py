"""The pages of the desk: what needs me, the mail, the record, the mailbox. Loading them sets the header's links."""

from importlib import import_module

from portal.desk import nav

PARTS = ("desk", "picture", "silent", "mail", "history", "mailbox")

BLUEPRINTS = tuple(import_module(f"{__name__}.{part}").bp for part in PARTS)

__all__ = ["BLUEPRINTS", "nav"]
