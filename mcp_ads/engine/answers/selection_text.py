"""How a plan's objects were found, as a person reads it: one condition of many accounts is told once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

BEGINS = 'where "'
MOST_BLOCKS, LEAST_ALIKE = 8, 3
_HEAD = re.compile(
    r'where "(?P<asked>.*)"(?P<within> among .*?)?'
    r"(?: over (?P<days>\S+)(?: (?P<zone>\S+))?)?(?: in (?P<account>\S+))?"
    r", as of (?P<at>[^:]+:\d\d UTC): (?P<count>[\d,]+) of (?P<of>[\d,]+) (?P<noun>.+) found",
    re.DOTALL,
)


@dataclass
class _Block:
    """The lines of one selection; `head` are the parts of its first, none where this is of another shape."""

    lines: list[str] = field(default_factory=list)

    @property
    def head(self) -> re.Match[str] | None:
        return _HEAD.fullmatch(self.lines[0])

    def number(self, name: str) -> int:
        """A number of its first line."""
        return int(self.head[name].replace(",", "")) if self.head else 0


def selection_lines(lines: Sequence[str], more: str) -> list[str]:
    """The lines of selections, those by the same condition together; `more` is where all of them stand."""
    blocks = list[_Block]()
    for line in lines:
        if line.startswith(BEGINS) or not blocks:
            blocks.append(_Block())
        blocks[-1].lines.append(line)
    groups, seen = dict[Hashable, list[_Block]](), Counter[Hashable]()
    for at, block in enumerate(blocks):
        head = block.head
        if head is None or not head["account"]:
            groups[at] = [block]
            continue
        alike = (head["asked"], head["within"], head["days"], head["at"])
        seen[alike, head["account"]] += 1
        groups.setdefault((*alike, seen[alike, head["account"]]), []).append(block)
    told = [
        some
        for group in groups.values()
        for some in ([group] if len(group) >= LEAST_ALIKE else [[block] for block in group])
    ]
    said = [line for group in told[:MOST_BLOCKS] for line in _told(group)]
    rest = sum(map(len, told[MOST_BLOCKS:]))
    left = [f"{rest} more {'selections' if rest > 1 else 'selection'}"] if rest else []
    left += ["sums, what was read and near misses"] if any(len(group) > 1 for group in told) else []
    return [*said, f"… and {', and '.join(left)}: {more}"] if left else said


def _told(group: Sequence[_Block]) -> Iterator[str]:
    """One selection as it is, several by one condition with a line for each of the first accounts."""
    head = group[0].head
    if len(group) == 1 or head is None:
        yield from group[0].lines
        return
    days = f" over {head['days']}" if head["days"] else ""
    found, of = (sum(block.number(name) for block in group) for name in ("count", "of"))
    yield (
        f'where "{head["asked"]}"{head["within"] or ""}{days} in {len(group)} accounts, as of {head["at"]}: '
        f"{found:,} of {of:,} found"
    )
    for block in group[:MOST_BLOCKS]:
        if own := block.head:
            yield f"   {own['account']}: {own['count']} of {own['of']} {own['noun']} found"
    if rest := group[MOST_BLOCKS:]:
        count, among = (sum(block.number(name) for block in rest) for name in ("count", "of"))
        yield f"   {len(rest)} more: {count:,} of {among:,} found"
    yield from dict.fromkeys(line for block in group for line in _noted(block))
    yield from (line for line in group[0].lines if _is_idle(line) and all(line in one.lines for one in group))


def _is_idle(line: str) -> bool:
    """Whether a line says that an exception keeps nothing out."""
    return line.startswith('kept out by "') and line.endswith(": none")


def _noted(block: _Block) -> list[str]:
    """The lines of a selection that are neither its sums, nor what was read, nor what nearly fits."""
    usual = ("together: ", "read: ", "kept out by ")
    return [line for line in block.lines[1:] if not line.startswith(usual)]
