"""Breakdowns: how a day's numbers divide over ages, places and placements, so that the parts add up."""

from __future__ import annotations

import functools
from itertools import accumulate, chain, product
from math import prod

from mcp_ads.sandbox.facebook_marketing.days import Day
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid
from mcp_ads.sandbox.facebook_marketing.tables import table
from mcp_ads.sandbox.numbers import between, noise

Key = tuple[str, ...]
SHARES: dict[str, dict[str, list[list[tuple[list[str], float]]]]] = table("segments.json", __package__)
"""Breakdowns that go together -> currency, or "" for any -> axes, whose products are the finest cells."""
FAMILIES = {breakdown: family for family in SHARES for breakdown in family.split()}
OPT_IN = {"impression_device", "hourly_stats_aggregated_by_audience_time_zone", "frequency_value"}
TOLD = table("combinations.json", __package__)
"""What Meta's page on breakdowns tells: which go together, and what there is not by some of them."""
PARTS: dict[str, dict[str, int]] = TOLD["parts"]


def _sets(names: list[str]) -> set[frozenset[str]]:
    return {frozenset(text.split()) for text in names}


STARRED = _sets([*TOLD["starred"], *TOLD["places"], *(f"action_device {place}" for place in TOLD["places"])])
PLAIN = _sets([*TOLD["plain"], *(f"{card} {more}" for card in TOLD["cards"] for more in TOLD["with_cards"])])


def check(breakdowns: list[str], actions: list[str]) -> None:
    """Refuse what cannot be combined, was retired, or is unknown here."""
    if "dma" in breakdowns:
        raise invalid("Breakdown dma is no longer available, use comscore_market instead")
    asked = [*breakdowns, *(name for name in actions if name != "action_type")]
    if (len(asked) > 1 and not _legal(frozenset(asked))) or len({*asked}) != len(asked) or not _alone(asked):
        names = ", ".join(["action_type", *asked])
        text = f"(#100) Current combination of data breakdown columns ({names}) is invalid"
        raise GraphError(100, text)
    for name in asked:
        if name not in FAMILIES.keys() | OPT_IN | PARTS.keys():
            raise invalid(f"Breakdown {name}: this sandbox has no data for it")


def _alone(asked: list[str]) -> bool:
    return len(asked) != 1 or asked[0] not in ("platform_position", "impression_device")


def _legal(asked: frozenset[str]) -> bool:
    """Whether Meta's table has the combination: starred ones may be joined with some of actions."""
    return asked - frozenset(TOLD["joins"].split()) in STARRED or asked in PLAIN


def parts(actions: list[str]) -> list[tuple[dict[str, str], float]]:
    """What actions are split into, and up to which share of the whole each goes."""
    names = [name for name in actions if name in PARTS]
    cells = list(product(*(PARTS[name].items() for name in names)))
    weights = list(accumulate(prod(weight for _, weight in cell) for cell in cells))
    values = [dict(zip(names, (value for value, _ in cell), strict=True)) for cell in cells]
    return [(value, bound / weights[-1]) for value, bound in zip(values, weights, strict=True)]


def split(
    ad_id: str, currency: str, breakdowns: list[str], ordinal: int, whole: Day
) -> list[tuple[Key, Day]]:
    """A day's numbers in parts whose sum is the whole; a key may come more than once.

    The finest cells are cut first, so that age alone says what age and gender together say.
    """
    family = FAMILIES[breakdowns[0]]
    cells, bounds = _shares(ad_id, currency, family)
    wanted = [family.split().index(breakdown) for breakdown in breakdowns]
    spin = noise(ad_id, ordinal, "parts")
    columns = []
    for number, total in enumerate(whole):
        offset = (spin * (number * 37 + 11)) % 1
        edges = [int(total * bound + offset) for bound in bounds]
        columns.append([high - low for low, high in zip([0, *edges], edges, strict=False)])
    rows = zip(cells, zip(*columns, strict=True), strict=True)
    return [(tuple(cell[index] for index in wanted), Day(*row)) for cell, row in rows if any(row)]


@functools.lru_cache(maxsize=10_000)
def _shares(ad_id: str, currency: str, family: str) -> tuple[list[Key], list[float]]:
    """The finest cells and the running sum of their shares."""
    axes = SHARES[family].get(currency) or next(iter(SHARES[family].values()))
    cells = [zip(*parts, strict=True) for parts in product(*axes)]
    found = [(tuple(chain.from_iterable(names)), prod(weights)) for names, weights in cells]
    weights = [base * between(0.6, 1.4, ad_id, *cell) for cell, base in found]
    bounds = list(accumulate(weights))
    return [cell for cell, _ in found], [*(bound / bounds[-1] for bound in bounds[:-1]), 1.0]
