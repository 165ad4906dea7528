"""Steps of a plan that are alike: what they have in common is said once, and a short row names each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal
from functools import cached_property

from mcp_ads.engine.changes.naming import counted, plural
from mcp_ads.engine.changes.steps import Budget, Step, shown_id

from .request_text import MOST_REQUEST, request_text
from .shape import cut
from .step_text import ACTIVATES, MOST_STEPS, meaning_lines, place_said, step_lines

LEAST_ALIKE = 6
"""Of fewer steps each is told by itself."""
MOST_ASKED = 40
GAP, INHERITED = "…", "*"
"""What stands where texts differ that are otherwise the same, and after an amount that was inherited."""
_NAMES = re.compile(r'"(\w+)":|(?:^|&)([^=&{}"]+)=')


def in_groups(steps: Sequence[Step], order: Sequence[int]) -> list[list[int]]:
    """Steps in an order: those that are alike together where they are many, each of the others alone."""
    alike = defaultdict[Hashable, list[int]](list)
    for index in order:
        alike[likeness(steps[index]) or index].append(index)
    made = list[list[int]]()
    for group in alike.values():
        made += [group] if len(group) >= LEAST_ALIKE else [[index] for index in group]
    place = {index: at for at, index in enumerate(order)}
    return sorted(made, key=lambda group: place[group[0]])


def likeness(step: Step) -> Hashable:
    """What steps have in common that are told together; None for one that has more to say than a row holds.

    That is one somebody wrote out, with several requests or files, with what a click opens, or which loses
    something. What raises, a bid too, begins to deliver or cannot be undone is not among others that do not.
    """
    if step.raw or step.files or len(step.requests) != 1 or step.prominent or step.lost or step.moves:
        return None
    fields = tuple(line.partition(" ")[0] for line in step.lines)
    whose = (step.connector, step.connection_name, (step.account or {}).get("id"))
    kind = (step.entity, step.action, step.noun, step.does, step.ending, step.pauses)
    grave = (step.raises, step.raises_bid, step.delivers, bool(step.irreversible))
    return (*whose, *kind, *grave, fields, tuple(step.changes), _shape(step))


def _shape(step: Step) -> Hashable:
    """Method and address of a step's request, without the id of its object, and the names in its body."""
    request, own = step.requests[0], step.subject.rpartition(":")[2]
    url = request["url"].replace(own, GAP) if own else request["url"]
    return request["method"], url, tuple(_NAMES.findall(request["body"]))


@dataclass(frozen=True)
class Alike:
    """Steps that are alike, by index, among all steps of their plan."""

    steps: Sequence[Step]
    indexes: Sequence[int]

    @cached_property
    def own(self) -> list[Step]:
        """The steps themselves."""
        return [self.steps[index] for index in self.indexes]

    @property
    def _given(self) -> Iterator[Budget]:
        return (budget for step in self.own for budget in step.budgets if budget.given)

    @property
    def moved(self) -> str:
        """Which way bids go and how far at most; empty where that is what was asked for in so many words."""
        bids = [bid for bid in self._given if bid.per == "bid" and bid.before and bid.after and bid.rise]
        if not bids or any(_asked(self.own)):
            return ""
        most = max(abs(bid.rise) * 100 / Decimal(bid.before or 1) for bid in bids)
        text = f"{most.quantize(Decimal('0.1'), ROUND_UP):f}".removesuffix(".0")
        return f"{'raised' if self.own[0].raises_bid else 'lowered'} by up to {text} %"

    @cached_property
    def _meanings(self) -> list[list[str]]:
        return [[*meaning_lines(step)] for step in self.own]

    @cached_property
    def _shared(self) -> list[str]:
        return [line for line in self._meanings[0] if all(line in other for other in self._meanings)]

    @cached_property
    def _columns(self) -> list[Column]:
        """What they set, a column for each field that some of them set otherwise than others."""
        found = [column_of(texts) for texts in zip(*(step.lines for step in self.own), strict=True)]
        marks = {budget.field: f" ({budget.inherited})" for budget in self._given if budget.inherited}
        return [
            replace(column, cells=[cell.replace(mark, INHERITED) for cell in column.cells])
            if (mark := marks.get(column.head.partition(" ")[0]))
            else column
            for column in found
        ]

    @cached_property
    def _decided(self) -> list[Column]:
        parts = [step.decided_by for step in self.own]
        if len({*map(len, parts)}) > 1:
            return [Column("", [step.decided for step in self.own])]
        return [column_of(texts) for texts in zip(*parts, strict=True)]

    @property
    def what(self) -> str:
        """What they do to how many; and where, unless these are all steps of a plan, whose id says it."""
        kinds = ", ".join(f"{verb} {count} {plural(noun, count)}" for verb, noun, count in counted(self.own))
        return f"{kinds}{'' if self.is_all else place_said(self.own[0])}"

    @property
    def is_all(self) -> bool:
        """Whether these are all steps of the plan."""
        return len(self.own) == len(self.steps)

    @property
    def title(self) -> str:
        """What all of them do, in words, and from where to where their amounts go."""
        same = [column.head for column in self._columns if not column.cells]
        decided = [column.head for column in self._decided if not column.cells and column.head]
        same += [f"decided by {', '.join(decided)}"] if decided else []
        told = "; ".join(filter(None, [*_asked(self.own), *same, *_spreads(self._given), self.moved]))
        count = "" if self.is_all else f"{len(self.own)} alike: "
        return f"{count}{self.what}{f': {told}' if told else ''}"

    @property
    def head(self) -> list[str]:
        """The title, what holds for all of them, and what the rows have."""
        lines = [self.title, *(f"   each: {line}" for line in self._shared)]
        if self.own[0].delivers and not any(line.startswith(ACTIVATES) for line in self._shared):
            lines.append(f"   each: {ACTIVATES}, as its row says")
        return [*lines, self.request]

    def rows(self, most: int) -> list[str]:
        """The first of them, a row each: what it is about, in what it differs, what decided, what it alone
        means; after a row that says which they are, by their numbers in the plan, and names the columns.
        """
        named = [
            Column("id", [shown_id(step.object_id) for step in self.own]),
            Column("name", [step.quoted for step in self.own]),
        ]
        columns = [column for column in named if any(column.cells)]
        columns += [column for column in (*self._columns, *self._decided) if column.cells]
        numbers = [index + 1 for index in self.indexes[:most]]
        in_a_row = numbers == [*range(numbers[0], numbers[0] + len(numbers))]
        which = f"{numbers[0]} to {numbers[-1]}: " if in_a_row else "step;"
        lines = [which + ";".join(column.head for column in columns)]
        for at, number in enumerate(numbers):
            own = [line for line in self._meanings[at] if line not in self._shared]
            first = [] if in_a_row else [str(number)]
            lines.append(";".join([*first, *(column.cells[at] for column in columns), *own]))
        return lines

    def rows_within(self, most: int, room: int, *, least: bool) -> list[str]:
        """As many rows as have room, at least one where there is to be one; none without a row of steps."""
        room -= sum(map(len, self.head))
        while most > int(least) and sum(map(len, self.rows(most))) > room:
            most -= 1
        return self.rows(most) if most else []

    def named(self, at: int) -> str:
        """One of them, by its place: its number in the plan, its id and its name."""
        step = self.own[at]
        return " ".join(filter(None, [f"{self.indexes[at] + 1}.", shown_id(step.object_id), step.quoted]))

    @property
    def request(self) -> str:
        """The request of the first of them, as an example."""
        text = cut(request_text(self.own[0].requests[0]), MOST_REQUEST)
        return f"   request of {self.indexes[0] + 1}: {text}, and {len(self.own) - 1} alike"


@dataclass(frozen=True)
class Column:
    """What texts have in common, and in which words each of them differs; no cells where none does."""

    head: str
    cells: Sequence[str] = ()


def column_of(texts: Sequence[str]) -> Column:
    """Texts as what they have in common, with a gap in it, and what stands in the gap: whole words, and none
    that is quoted.
    """
    if len({*texts}) == 1:
        return Column(texts[0])
    words = [text.split(" ") for text in texts]
    first, last = _common(words), _common([[*reversed(row)] for row in words])
    if min(map(len, words)) <= len(first) + len(last):
        return Column("", texts)
    cells = [" ".join(row[len(first) : len(row) - len(last)]) for row in words]
    cells = [cell if '"' in cell else cell.replace(" → ", "→") for cell in cells]
    return Column(" ".join([*first, GAP, *reversed(last)]), cells)


def _common(words: Sequence[Sequence[str]]) -> list[str]:
    """The words with which all begin, up to the first that is part of a quoted text."""
    found = list[str]()
    for word, *others in zip(*words, strict=False):
        if '"' in word or any(other != word for other in others):
            break
        found.append(word)
    return found


def _asked(steps: Sequence[Step]) -> Iterator[str]:
    """The change in the caller's words, where the same was asked of all and it is one by an amount."""
    for name in dict.fromkeys(budget.field for budget in steps[0].budgets if budget.given):
        text = str(steps[0].asked.get(name, "")).strip()
        if text[:1] in ("+", "-") and all(str(step.asked.get(name)).strip() == text for step in steps):
            yield f"{name} {cut(text, MOST_ASKED)}"


def _spreads(given: Iterable[Budget]) -> Iterator[str]:
    """From where to where each amount goes that the steps set: the least and the most of them."""
    amounts = defaultdict[tuple[str, str], list[Budget]](list)
    for budget in given:
        amounts[budget.field, budget.currency].append(budget)
    for (field, currency), budgets in amounts.items():
        inherited = sum(bool(budget.inherited) for budget in budgets)
        if inherited or len({(budget.before, budget.after) for budget in budgets}) > 1:
            before, after = _range(budgets, "before"), _range(budgets, "after")
            was = f" ({inherited} were inherited{INHERITED})" if inherited else ""
            yield f"{field} {' → '.join(filter(None, [before, after]))} {currency}{was}"


def _range(budgets: Sequence[Budget], when: str) -> str:
    """The least and the most of amounts, and whether some are none; empty where all are."""
    amounts: list[str | None] = [getattr(budget, when) for budget in budgets]
    known = sorted((amount for amount in amounts if amount is not None), key=Decimal)
    none = "none or " if known and len(known) < len(amounts) else ""
    return none + "-".join(dict.fromkeys([known[0], known[-1]])) if known else ""


def grouped_lines(
    steps: Sequence[Step], order: Sequence[int], room: int
) -> tuple[list[str], list[int], list[int]]:
    """The lines of steps in an order, at least of one and of as many as fit; which these are; and which of
    them have a row only.

    Of those that are alike the title is said where no more of them has room.
    """
    lines, shown, rows = list[str](), list[int](), list[int]()
    for group in in_groups(steps, order):
        left = room - sum(map(len, lines))
        if len(group) == 1 and len(shown) < MOST_STEPS:
            new = [*step_lines(group[0], steps[group[0]])]
            if shown and sum(map(len, new)) > left:
                break
            lines += new
            shown += group
        elif len(group) > 1:
            alike = Alike(steps, group)
            if shown and len(alike.title) > left:
                break
            told = alike.rows_within(min(len(group), MOST_STEPS - len(shown)), left, least=not shown)
            lines += [*alike.head, *told] if told else [alike.title]
            rows += group[: len(told) - 1] if told else []
            shown += group[: len(told) - 1] if told else []
    return lines, shown, rows
