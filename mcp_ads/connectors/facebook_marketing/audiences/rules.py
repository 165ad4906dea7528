"""What Facebook demands of a custom audience, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

FLAGGED = 471
"""The operation_status of an audience that may violate Meta's terms."""
LEAST_RATIO, MOST_RATIO = 0.01, 0.20
"""A lookalike is 1 % to 20 % of a country."""
CHOICES = (("country", "location_spec"), ("type", "ratio"))
NOT_A_LIST = ("rule", "retention_days", "prefill")
NOT_ALIKE = (*NOT_A_LIST, "customer_file_source")


def kind(given: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in what a new audience is made of: a customer list, a seed, or a rule."""
    subtype = given.get("subtype")
    if subtype == "CUSTOM":
        if not given.get("customer_file_source"):
            yield "customer_file_source: subtype CUSTOM needs it; it says where the people come from"
        yield from (f"{name}: not with subtype CUSTOM" for name in NOT_A_LIST if name in given)
    elif subtype == "LOOKALIKE":
        yield from _needs("LOOKALIKE", given, "origin_audience_id", "lookalike_spec")
        yield from (f"{name}: not with subtype LOOKALIKE" for name in NOT_ALIKE if name in given)
    elif not given.get("rule"):
        yield "subtype: missing; give CUSTOM (a customer list), LOOKALIKE, or a rule instead"
    if subtype != "LOOKALIKE":
        lone = ("origin_audience_id", "lookalike_spec")
        yield from (f"{name}: only with subtype LOOKALIKE" for name in lone if name in given)


def _needs(subtype: str, given: Mapping[str, Any], *names: str) -> Iterable[str]:
    return (f"{name}: subtype {subtype} needs it" for name in names if not given.get(name))


def lookalike(spec: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in how large a lookalike is, and where."""
    for one, other in CHOICES:
        if (one in spec) == (other in spec):
            yield f"lookalike_spec: give either {one} or {other}"
    ratio = spec.get("ratio", LEAST_RATIO)
    if (
        isinstance(ratio, bool)
        or not isinstance(ratio, int | float)
        or not LEAST_RATIO <= ratio <= MOST_RATIO
    ):
        yield f"lookalike_spec.ratio: {LEAST_RATIO} to {MOST_RATIO:.2f}, a part of the country's people"


def audience_rule(rule: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes in the shape of an audience's rule."""
    inclusions = rule.get("inclusions")
    if not isinstance(inclusions, Mapping) or not inclusions.get("rules"):
        yield 'rule: needs inclusions, such as {"inclusions": {"operator": "or", "rules": [{…}]}}'
