"""`python -m benchmarks [NAME …]`: measure, and print one table for each module in this folder.

A module has a docstring, whose first line is the table's title, a tuple COLUMNS, and a function
`main` that yields rows of as many cells. A figure worth keeping is a ratio to something that was
measured in the same run: seconds belong to one machine on one day.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import chain
from pathlib import Path


def run(names: Sequence[str]) -> None:
    known = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    for name in names or [name for name in known if not name.startswith("_")]:
        module = import_module(f"benchmarks.{name}")
        print(f"\n{name}: {module.__doc__.splitlines()[0]}\n", flush=True)
        widths = [max(len(column), 10) for column in module.COLUMNS]
        for row in chain([module.COLUMNS], module.main()):
            cells = (f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
            print("  ".join(cells), flush=True)


if __name__ == "__main__":
    run(sys.argv[1:])
