"""The columns of performance: those of the schema, beside them what was before, and which an answer shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mcp_ads.core.columns import TEXT, Column
from mcp_ads.core.facts import COUNTS, LEVELS, MONEYS, SCHEMA

CLIENT, BASE = "client", "spend_base"
"""Columns that clients.toml makes: whose account it is, and spend in the currency of its rates."""
NAMING = ("text", "id", "date")
BEFORE, CHANGE, PERCENT = "_before", "_change", "_pct"
RATIOS = {name: column.of for name, column in SCHEMA.items() if column.of}
TIME = {"day": "date", "week": "week", "month": "month"}
"""What rows are split by in time, and the column that says which."""
OF_LEVEL: Mapping[str, tuple[str, ...]] = {
    "account": ("platform", "account", "account_name"),
    "campaign": ("object", "account", "campaign", "campaign_name"),
    "ad_group": ("object", "account", "campaign_name", "ad_group", "ad_group_name"),
    "ad": ("object", "account", "ad_group_name", "ad", "ad_name"),
}
"""What says whose a row is: the object and its id are what write actions take."""
FIGURES = ("spend", "clicks", "conversions", "cost_per_conversion", "roas")
LEAN = ("spend", "conversions", "cost_per_conversion", "roas")
IN_TIME = ("spend", "conversions", "roas")
COMPARED = ("spend", "conversions")
WORDS = {
    "account_id": "account", "profile_id": "account", "profile": "account", "campaign_id": "campaign",
    "campaign_group": "campaign", "campaign_group_id": "campaign", "campaign_group_name": "campaign_name",
    "adset": "ad_group", "adset_id": "ad_group", "adset_name": "ad_group_name", "ad_set": "ad_group",
    "ad_set_name": "ad_group_name", "ad_group_id": "ad_group", "ad_id": "ad", "creative": "ad",
    "creative_id": "ad", "day": "date", "product": "ad_product", "value": "conversion_value",
    "revenue": "conversion_value", "sales": "conversion_value", "cpa": "cost_per_conversion",
    "cost": "spend",
}  # fmt: skip
"""What people and platforms call these columns."""


def there(level: str, by: Sequence[str]) -> tuple[str, ...]:
    """The columns of the schema that rows of a level have, as they are split; no other is in any row."""
    named = LEVELS[1 : LEVELS.index(level) + 1] if level else ()
    whose = ("platform", "account", "account_name") if level else ()
    objects = ("object", "ad_product") if named else ("object",) if level else ()
    ids = (f"{one}{end}" for one in named for end in ("", "_name"))
    said = {*whose, *ids, *objects, *keys(level, by), "basis"}
    return tuple(name for name, column in SCHEMA.items() if name in said or column.kind not in NAMING)


def kinds(
    level: str,
    by: Sequence[str],
    *,
    compare: bool,
    valued: bool = True,
    counted: bool = True,
    in_base: bool = False,
) -> Mapping[str, Column]:
    """The kind of every column that rows of a level have, as they are split.

    Unless all rows are `valued`, ROAS is that of each row and of no sum: where a platform does not say what
    conversions were worth, its spend does not divide the value of others'. Unless conversions are `counted`
    in all rows, what one cost is such a figure, too.
    """
    known = {CLIENT: TEXT} if CLIENT in by else {}
    known |= {name: SCHEMA[name] for name in there(level, by)}
    known |= {BASE: Column("number", adds=True)} if in_base else {}
    alone = [*(() if valued else ("roas",)), *(() if counted else ("cost_per_conversion",))]
    known |= {name: replace(SCHEMA[name], of=None) for name in alone}
    if not compare:
        return known
    known.pop("results")
    for name in (*MONEYS, *COUNTS):
        known[f"{name}{BEFORE}"] = known[f"{name}{CHANGE}"] = SCHEMA[name]
        known[f"{name}{CHANGE}{PERCENT}"] = Column("percent", of=(f"{name}{CHANGE}", f"{name}{BEFORE}", 100))
    for name, (over, under, times) in RATIOS.items():
        parts = (f"{over}{BEFORE}", f"{under}{BEFORE}", times)
        known[f"{name}{BEFORE}"] = replace(SCHEMA[name], of=parts if known[name].of else None)
        known[f"{name}{CHANGE}"] = replace(SCHEMA[name], of=None)
        known[f"{name}{CHANGE}{PERCENT}"] = Column("percent")
    return known


def keys(level: str, by: Sequence[str]) -> tuple[str, ...]:
    """The columns that tell rows apart; money of different currencies is never one row's."""
    whose = {"": (), "account": ("platform", "account")}.get(level, ("platform", "account", level))
    split = [name for word in by for name in (("platform", "account") if word == "account" else (word,))]
    return tuple(dict.fromkeys([*whose, *(TIME.get(word, word) for word in split), "currency"]))


def shown(level: str, by: Sequence[str], named: Sequence[str], *, compare: bool) -> tuple[str, ...]:
    """The columns of an answer that names some: what tells rows apart comes first, whatever is named.

    With `compare` a figure brings what it was and its change in percent, unless these are named themselves.
    """
    time = [TIME[word] for word in by if word in TIME]
    there = kinds(level, by, compare=compare)
    full = [*time, *keys(level, by)]
    for name in named:
        own = [f"{name}{end}" for end in (BEFORE, CHANGE, f"{CHANGE}{PERCENT}")]
        known = own if compare and own[0] in there and not {*own} & {*named} else []
        full += [name, *known[:1], *known[2:]]
    return tuple(dict.fromkeys(full))


def meant(name: str, *, compare: bool) -> str:
    """What a column is called that has a change in percent by a shorter name; empty for any other."""
    figure, _, end = name.rpartition("_")
    is_change = figure in (*MONEYS, *COUNTS, *RATIOS) and f"_{end}" == PERCENT
    return f"{figure}{CHANGE}{PERCENT}{'' if compare else ', with compare: previous'}" if is_change else ""


def lean(level: str, by: Sequence[str], *, compare: bool) -> tuple[str, ...]:
    """The columns of an answer that names none."""
    time = [TIME[word] for word in by if word in TIME]
    whose = OF_LEVEL[level] if level else ()
    split = [name for name in keys(level, by) if name not in (*time, "currency", level)]
    more = split if not level else [word for word in by if word in (CLIENT, "country", "ad_product")]
    shown: Sequence[str] = FIGURES if level in ("", "account") else LEAN
    if compare:
        whose = tuple(name for name in whose if name != "account_name")  # a report of the week stays short
        figures = [f"{name}{end}" for name in COMPARED for end in ("", BEFORE, f"{CHANGE}{PERCENT}")]
    else:
        figures = [*(IN_TIME if time else shown)]
    return tuple(dict.fromkeys([*time, *whose, *more, "currency", *figures]))
