"""Later work on nominations, a file for each part; importing the parts registers their jobs."""

from importlib import import_module
from pkgutil import iter_modules

for _part in iter_modules(__path__):
    import_module(f"{__name__}.{_part.name}")
