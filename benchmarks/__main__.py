"""`python -m benchmarks [NAME ...]`: all benchmarks, or the named ones. Exit code 1: a target is missed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

from . import (
    agency,
    call_overhead,
    cold_start,
    fan_out,
    functions,
    host_load,
    large_report,
    listing,
    load,
    long_lists,
    mould,
    package_import,
    plan_speed,
    questions,
    records_kept,
    rows,
    sandbox_lines,
    selections,
)
from .report import Number, judged

ALL: dict[str, Callable[[], Iterable[Number]]] = {
    "agency": agency.numbers,
    "cold_start": cold_start.numbers,
    "call_overhead": call_overhead.numbers,
    "fan_out": fan_out.numbers,
    "functions": functions.numbers,
    "host_load": host_load.numbers,
    "large_report": large_report.numbers,
    "listing": listing.numbers,
    "load": load.numbers,
    "long_lists": long_lists.numbers,
    "questions": questions.numbers,
    "records_kept": records_kept.numbers,
    "rows": rows.numbers,
    "mould": mould.numbers,
    "package_import": package_import.numbers,
    "plan_speed": plan_speed.numbers,
    "sandbox_lines": sandbox_lines.numbers,
    "selections": selections.numbers,
}


def main(names: list[str]) -> int:
    """Run them, print a line per number, and say which targets were missed."""
    if unknown := [name for name in names if name not in ALL]:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(ALL)}", file=sys.stderr)
        return 2
    return judged(number for name in names or ALL for number in _titled(name))


def _titled(name: str) -> Iterable[Number]:
    """A benchmark's numbers, under its title."""
    print(f"\n{name}: {str(sys.modules[ALL[name].__module__].__doc__).splitlines()[0]}")
    yield from ALL[name]()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
