"""How many people a targeting spec reaches: computed from it alone, and rounded as the platform does."""

from __future__ import annotations

from math import log10

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.delivery import audience
from mcp_ads.sandbox.facebook_marketing.errors import refused
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.writes import require

from .targeting import TABLE

ELSEWHERE = 9_000_000
SHARE = 0.08
"""Of everybody, those who match an interest; each one more adds as many."""
FEWEST = 1_000
"""Fewer are not told."""
SPAN = 1.18


def reach(call: Call) -> Body:
    """GET reachestimate: one object."""
    low, high = _bounds(_spec(call))
    return {"data": {"users_lower_bound": low, "users_upper_bound": high, "estimate_ready": True}}


def delivery(call: Call) -> Body:
    """GET delivery_estimate: a list of one."""
    low, high = _bounds(_spec(call, "optimization_goal"))
    bounds = {"estimate_mau_lower_bound": low, "estimate_mau_upper_bound": high}
    return {"data": [{**bounds, "estimate_ready": True, "targeting_optimization_types": []}]}


def _spec(call: Call, *needed: str) -> Body:
    sent = checked(call.edge, call.params)
    require(sent, "targeting_spec", *needed)
    spec: Body = sent["targeting_spec"]
    audience.check({"targeting": spec})
    audience.check_own(call, spec)
    if not any(spec.get(name) for name in ("geo_locations", "custom_audiences")):
        raise refused(1885364, "Choose a location", "Targeting needs a location.", blame="targeting_spec")
    return spec


def _bounds(spec: Body) -> tuple[int, int]:
    """From how many people to how many; -1 where there are too few to say."""
    countries = (spec.get("geo_locations") or {}).get("countries") or []
    people = sum(TABLE["people"].get(country, ELSEWHERE) for country in countries) or ELSEWHERE
    ages = spec.get("age_max", audience.OLDEST) - spec.get("age_min", 18) + 1
    groups = [spec, *(spec.get("flexible_spec") or [])]
    chosen = sum(len(group.get(name) or []) for group in groups for name in ("interests", "behaviors"))
    share = (
        ages / 48 * (0.5 if len(spec.get("genders") or [1, 2]) == 1 else 1) * (min(1, SHARE * chosen) or 1)
    )
    small = bool(spec.get("custom_audiences"))
    found = 900 if small else int(people * min(1, share))
    if found < FEWEST:
        return -1, -1
    step = 10 ** (int(log10(found)) - 1)
    low = found // step * step
    return low, round(low * SPAN)
