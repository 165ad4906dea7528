"""One measured number, the limit it must keep, and how both are printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A measurement. `limit` is the most it may be; None where there is no target."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    detail: str = ""

    @property
    def kept(self) -> bool:
        return self.limit is None or self.value <= self.limit

    @property
    def verdict(self) -> str:
        if self.limit is None:
            return ""
        return "ok" if self.kept else "MISSED"


def figure(value: float, unit: str) -> str:
    """A number with its unit: counts whole, the rest with two decimals."""
    digits = 0 if unit in ("bytes", "tokens", "requests", "changes") else 2
    return f"{value:,.{digits}f} {unit}"


def show(numbers: Iterable[Number]) -> None:
    """A line per number, on standard output."""
    for number in numbers:
        limit = f"at most {figure(number.limit, number.unit)}" if number.limit is not None else ""
        value = figure(number.value, number.unit)
        line = f"{number.what:<54} {value:>14}  {limit:<22} {number.verdict:<6} {number.detail}"
        print(line.rstrip(), flush=True)


def judged(numbers: Iterable[Number]) -> int:
    """Show each number as it comes, then the targets that were missed; the exit code."""
    missed = []
    for number in numbers:
        show([number])
        missed += [] if number.kept else [number.what]
    if missed:
        print(f"\ntargets missed: {'; '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0
