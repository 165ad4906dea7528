"""Field names and filters that Facebook would ignore or answer with nothing."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_calls import call

from mcp_ads.errors import InvalidParams


@pytest.mark.parametrize(
    ("entity", "params", "said"),
    [
        ("campaigns", {"fields": "id,budget_left"}, "budget_left"),
        ("campaigns", {"fields": "dailybudgett"}, "did you mean daily_budget"),
        ("ad_sets", {"fields": "conversions"}, "no field here"),
        ("ads", {"fields": "campaing{name}"}, "did you mean campaign"),
        ("ad_creatives", {"fields": "thumbnail"}, "thumbnail_url"),
        ("ads_insights", {"fields": "spent"}, "did you mean spend"),
        ("ads_insights", {"fields": "acos"}, "no field here"),
    ],
)
def test_unknown_fields(entity: str, params: dict[str, Any], said: str) -> None:
    """A column nobody fills is refused with the closest names, not left empty."""
    with pytest.raises(InvalidParams, match=said):
        call(entity, "list", account_id="1", **params)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"field": "nane", "operator": "CONTAIN", "value": "x"}, "did you mean name"),
        ({"field": "campaign.nam", "operator": "CONTAIN", "value": "x"}, "no field here"),
        ({"field": "a.b.c", "operator": "EQUAL", "value": "x"}, "no field here"),
        ({"field": "name", "operator": "LIKE", "value": "x"}, "none of EQUAL"),
        ({"field": "name", "operator": "CONTAIN", "values": ["x"]}, "write {"),
        ({"name": "x"}, "write {"),
        ({"field": "name", "operator": "CONTAIN", "value": ""}, "not empty"),
        ({"field": "name", "operator": "CONTAIN", "value": ["x"]}, "IN takes a list"),
        ({"field": "id", "operator": "IN", "value": []}, "not empty"),
        ({"field": "id", "operator": "IN", "value": [{}]}, "a list of texts"),
        ({"field": "daily_budget", "operator": "GREATER_THAN", "value": "5 USD"}, "a number"),
        ({"field": "daily_budget", "operator": "IN_RANGE", "value": [1]}, "two numbers"),
        ({"field": "created_time", "operator": "AFTER", "value": "lately"}, "a time"),
        ({"field": "effective_status", "operator": "IN", "value": ["ACTIV"]}, "ACTIV is no status"),
    ],
)
@pytest.mark.parametrize("entity", ["campaigns", "ads", "ads_insights"])
def test_filters_that_filter_nothing(entity: str, condition: dict[str, Any], said: str) -> None:
    """A platform that ignores a malformed condition would answer with everything."""
    if entity == "ads_insights" and condition.get("field") == "nane":
        condition = {**condition, "field": "ad.nane"}
    with pytest.raises(InvalidParams, match=said):
        call(entity, "list", account_id="1", filtering=[condition])


def test_filters_are_spelled() -> None:
    """Operators in any case, one value for a list, numbers as text."""
    made = call(
        "ads", "list", account_id="1",
        filtering=[
            {"field": "campaign.name", "operator": "contain", "value": "x"},
            {"field": "effective_status", "operator": "IN", "value": "PAUSED"},
            {"field": "created_time", "operator": "AFTER", "value": "2026-10-01"},
        ],
    )  # fmt: skip
    first, second, third = made.to_query()["filtering"]
    assert (first["operator"], second["value"], third["value"]) == ("CONTAIN", ["PAUSED"], "2026-10-01")
    assert call(
        "ads_insights", "list", account_id="1",
        filtering=[{"field": "actions:link_click", "operator": "GREATER_THAN", "value": "0"}],
    )  # fmt: skip
