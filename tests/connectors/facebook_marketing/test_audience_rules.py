"""What a new custom audience needs, said before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_calls import call

from mcp_ads.errors import InvalidParams

LIST = {"subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
SPEC = {"country": "US", "ratio": 0.01}
ALIKE = {"subtype": "LOOKALIKE", "origin_audience_id": "7", "lookalike_spec": SPEC}
RULE = {"inclusions": {"operator": "or", "rules": [{"event_sources": [{"id": "7", "type": "page"}]}]}}


@pytest.mark.parametrize(
    "given",
    [
        LIST,
        ALIKE,
        {"rule": RULE, "retention_days": 30, "prefill": True},
        {**ALIKE, "lookalike_spec": {"location_spec": {}, "type": "similarity"}},
        {**ALIKE, "lookalike_spec": {"country": "DE", "ratio": 0.2, "starting_ratio": 0.1}},
        {**ALIKE, "origin_audience_id": "@1.id"},
    ],
)
def test_the_three_kinds(given: dict[str, Any]) -> None:
    """A customer list, a lookalike, an audience of a rule."""
    assert call("custom_audiences", "create", account_id="1", name="x", **given)


@pytest.mark.parametrize(
    ("given", "mistakes"),
    [
        ({}, ["subtype: missing; give CUSTOM"]),
        ({"subtype": "CUSTOM"}, ["customer_file_source: subtype CUSTOM needs it"]),
        ({"subtype": "LOOKALIKE"}, ["origin_audience_id: a lookalike", "lookalike_spec: subtype"]),
        ({"subtype": "WEBSITE", "rule": RULE}, ["subtype:"]),
        ({**LIST, "rule": RULE}, ["rule: not with subtype CUSTOM"]),
        ({**LIST, "retention_days": 30}, ["retention_days: not with subtype CUSTOM"]),
        ({**LIST, "customer_file_source": "BOUGHT"}, ["customer_file_source:"]),
        ({**LIST, "origin_audience_id": "7"}, ["origin_audience_id: only with subtype LOOKALIKE"]),
        ({**ALIKE, "customer_file_source": LIST["customer_file_source"]}, ["customer_file_source: not with"]),
        ({**ALIKE, "lookalike_spec": {"ratio": 0.01}}, ["give either country or location_spec"]),
        ({**ALIKE, "lookalike_spec": {**SPEC, "type": "reach"}}, ["give either type or ratio"]),
        ({**ALIKE, "lookalike_spec": {**SPEC, "ratio": 1}}, ["lookalike_spec.ratio: 0.01 to 0.20"]),
        ({**ALIKE, "lookalike_spec": {**SPEC, "ratio": "1%"}}, ["lookalike_spec.ratio: 0.01 to 0.20"]),
        ({"rule": {"url": "x"}}, ["rule: needs inclusions"]),
        ({"rule": {}}, ["subtype: missing", "rule: needs inclusions"]),
        ({"rule": RULE, "retention_days": 200}, ["retention_days"]),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, Any], mistakes: list[str]) -> None:
    """One line for each mistake, which names the parameter."""
    with pytest.raises(InvalidParams) as refused:
        call("custom_audiences", "create", account_id="1", name="x", **given)
    lines = str(refused.value).split("\n")
    assert [mistake for mistake in mistakes if not any(mistake in line for line in lines)] == []
