"""Steps of a plan that are alike: what they have in common is said once, and a short row names each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from mcp_ads.engine.changes.naming import counted, plural
from mcp_ads.engine.changes.steps import Budget, Step, shown_id

from .request_text import MOST_REQUEST, request_text
from .shape import cut
from .step_text import ACTIVATES, MOST_STEPS, meaning_lines, place_said, step_lines

LEAST_ALIKE = 6
"""Of fewer steps each is told by itself."""
MOST_ASKED = 40
GAP = "…"
"""What stands where texts differ that are otherwise the same."""


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
    something. What raises, begins to deliver or cannot be undone is not among others that do not.
    """
    if step.raw or step.files or len(step.requests) != 1 or step.prominent or step.lost or step.moves:
        return None
    fields = tuple(line.partition(" ")[0] for line in step.lines)
    whose = (step.connector, step.connection_name, (step.account or {}).get("id"))
    kind = (step.entity, step.action, step.noun, step.does, step.ending, step.pauses)
    grave = (step.raises, step.delivers, bool(step.irreversible))
    return (*whose, *kind, *grave, fields, tuple(step.changes), _route(step))


def _route(step: Step) -> tuple[str, str]:
    """Method and address of a step's request, without the id of its object."""
    request, own = step.requests[0], step.subject.rpartition(":")[2]
    return request["method"], request["url"].replace(own, GAP) if own else request["url"]


@dataclass(frozen=True)
class Alike:
    """Steps that are alike, by index, among all steps of their plan."""

    steps: Sequence[Step]
    indexes: Sequence[int]

    @cached_property
    def own(self) -> list[Step]:
        """The steps themselves."""
        return [self.steps[index] for index in self.indexes]

    @cached_property
    def _meanings(self) -> list[list[str]]:
        return [[*meaning_lines(step)] for step in self.own]

    @cached_property
    def _columns(self) -> list[Column]:
        return [_column(texts) for texts in zip(*(step.lines for step in self.own), strict=True)]

    @cached_property
    def _decided(self) -> list[Column]:
        parts = [step.decided.split(", ") for step in self.own]
        if len({*map(len, parts)}) > 1:
            return [Column("", [step.decided for step in self.own])]
        return [_column(texts) for texts in zip(*parts, strict=True)]

    @property
    def what(self) -> str:
        """What they do to how many, and where."""
        kinds = ", ".join(f"{verb} {count} {plural(noun, count)}" for verb, noun, count in counted(self.own))
        return f"{kinds}{place_said(self.own[0])}"

    @property
    def title(self) -> str:
        """What all of them do, in words, and from where to where their amounts go."""
        count = "steps" if len(self.own) == len(self.steps) else "alike"
        same = [column.head for column in self._columns if not column.cells]
        told = "; ".join([*_asked(self.own), *same, *_spreads(self.own)])
        return f"{len(self.own)} {count}: {self.what}{f': {told}' if told else ''}"

    @property
    def head(self) -> list[str]:
        """The title, what holds for all of them, and what the rows have."""
        shared = [line for line in self._meanings[0] if all(line in other for other in self._meanings)]
        lines = [self.title, *(f"   each: {line}" for line in shared)]
        if self.own[0].delivers and not any(line.startswith(ACTIVATES) for line in shared):
            lines.append(f"   each: {ACTIVATES}, as its row says")
        differing = [column.head for column in self._columns if column.cells]
        decided = ", ".join(column.head for column in self._decided)
        columns = [*filter(None, differing), *([f"[{decided}]"] if decided else [])]
        return [*lines, self.request, *([f"id, name, {', '.join(columns)}:"] if columns else [])]

    def row(self, at: int) -> str:
        """One of them, by its place: what it is about, in what it differs, and what it alone means."""
        cells = "; ".join(column.cells[at] for column in self._columns if column.cells)
        decided = ", ".join(column.cells[at] for column in self._decided if column.cells)
        own = [line for line in self._meanings[at] if any(line not in other for other in self._meanings)]
        said = " ".join(filter(None, [self.named(at), cells, f"[{decided}]" if decided else ""]))
        return "; ".join([said, *own])

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


def _column(texts: Sequence[str]) -> Column:
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
    first = steps[0].asked
    for name, value in first.items():
        text = str(value).strip()
        if text[:1] in ("+", "-") and all(step.asked.get(name) == value for step in steps):
            yield f"{name} {cut(text, MOST_ASKED)}"


def _spreads(steps: Sequence[Step]) -> Iterator[str]:
    """From where to where each amount goes that the steps set: the least and the most of them."""
    amounts = defaultdict[tuple[str, str], list[Budget]](list)
    for budget in (budget for step in steps for budget in step.budgets if budget.given):
        amounts[budget.field, budget.currency].append(budget)
    for (field, currency), budgets in amounts.items():
        if len({(budget.before, budget.after) for budget in budgets}) > 1:
            before, after = _range(budgets, "before"), _range(budgets, "after")
            inherited = sum(bool(budget.inherited) for budget in budgets)
            was = f" ({inherited} inherited it before)" if inherited else ""
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
        alike = Alike(steps, group) if len(group) > 1 else None
        if alike:
            lines += alike.head if len(shown) < MOST_STEPS else [alike.title]
        for at, index in enumerate(group[: MOST_STEPS - len(shown)]):
            new = [alike.row(at)] if alike else [*step_lines(index, steps[index])]
            if shown and sum(map(len, (*lines, *new))) > room:
                return lines, shown, rows
            lines += new
            shown.append(index)
            rows += [index] if alike else []
    return lines, shown, rows
