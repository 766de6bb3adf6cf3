"""``python -m benchmarks``: measures what there is to measure and writes the pages of docs/benchmarks/."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from importlib import import_module

from benchmarks.pages import OF_A_MODEL, OF_NONE, default_model, mark_pages, page_of


def main(arguments: Sequence[str] | None = None) -> None:
    """Run benchmarks one after another: they would slow each other down side by side."""
    every = (*OF_A_MODEL, *OF_NONE)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition(": ")[2])
    parser.add_argument("names", nargs="*", choices=[*every, []], metavar="name", help=f"of {', '.join(every)}")
    parser.add_argument("--mark", action="store_true", help="measure nothing: say in each page whether it is stale")
    options = parser.parse_args(arguments)
    for name in () if options.mark else options.names or every:
        model = [str(default_model())] if name in OF_A_MODEL else []
        began = time.monotonic()
        import_module(f"benchmarks.{name}").main([*model, "--output", str(page_of(name))])
        print(f"{page_of(name).name}: {time.monotonic() - began:.0f} s\n", flush=True)
    if stale := mark_pages():
        print(f"Of another model than the one that ships: {', '.join(stale)}")


if __name__ == "__main__":
    main()
