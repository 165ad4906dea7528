"""Which report has the figures of an entity's objects: by these a write finds what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SELECTING = ("update", "pause", "activate", "archive", "delete", "duplicate", "copy")
"""What can be done to objects that a condition finds."""


@dataclass(frozen=True)
class PerClick:
    """The report's columns from which a bid is worked out: clicks, what they cost, what they were worth.

    `orders` is how many conversions there were, `value` their worth in the account's currency.
    """

    clicks: str
    cost: str
    orders: str
    value: str


@dataclass(frozen=True)
class Awareness:
    """How an entity's objects say that they are for being seen, and not meant to convert: by these codes in
    that column of their list, or of their report. `told_by` are columns of the report that measure just that.
    """

    column: str
    codes: tuple[str, ...]
    told_by: tuple[str, ...] = ("impressions", "reach", "frequency", "cpm")


@dataclass(frozen=True)
class Figures:
    """One read action of an account whose rows are the figures of an entity's objects, one row an object.

    `params` are what it is asked with beside the account, the days and its `fields`: the level, the groups.
    `days` is the parameter that takes the days, as {"since", "until"}; `id_at` the column with the object's
    id. An object without a row had nothing in these days: its counts and amounts are 0, its ratios empty.
    Where objects that have delivered may lack a row all the same, the report is not `complete`: figures of an
    object without a row are then not known, and no condition on them finds it.

    `per_click` is None where a bid is for something else than a click. `quiet` are how warnings of the read,
    or of the entity's list, begin that say nothing here. `final_after` are the days after which its numbers
    change no more. `unmeant` are words that may be read as another object's, each with what to name instead.
    `awareness` is how objects that are not meant to convert are known, None where no record says it.
    """

    entity: str
    action: str
    id_at: str
    params: Mapping[str, Any] = field(default_factory=dict)
    days: str = "time_range"
    per_click: PerClick | None = None
    quiet: tuple[str, ...] = ()
    final_after: int = 0
    complete: bool = True
    unmeant: Mapping[str, str] = field(default_factory=dict)
    awareness: Awareness | None = None
