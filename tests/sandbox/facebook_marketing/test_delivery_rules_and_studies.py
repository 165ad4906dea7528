"""The make-believe Graph's automated rules and A/B tests: what is taken, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_client import ACCOUNT, AUTUMN, BUSINESS, JAPAN, SPRING, graph

pytestmark = pytest.mark.anyio
FILTERS: list[dict[str, Any]] = [
    {"field": "entity_type", "operator": "EQUAL", "value": "AD"},
    {"field": "time_preset", "operator": "EQUAL", "value": "LIFETIME"},
    {"field": "spent", "operator": "GREATER_THAN", "value": 5000},
]
RULE: dict[str, Any] = {
    "name": "Stop",
    "evaluation_spec": {"evaluation_type": "SCHEDULE", "filters": FILTERS},
    "execution_spec": {"execution_type": "PAUSE"},
    "schedule_spec": {"schedule_type": "DAILY"},
}
CELLS = [
    {"name": "A", "treatment_percentage": 50, "campaigns": [SPRING]},
    {"name": "B", "treatment_percentage": 50, "campaigns": [AUTUMN]},
]
STUDY: dict[str, Any] = {
    "name": "Which",
    "cells": CELLS,
    "start_time": 4_000_000_000,
    "end_time": 4_001_000_000,
}


def evaluated(*filters: Any, **more: Any) -> dict[str, Any]:
    return {"evaluation_spec": {"evaluation_type": "SCHEDULE", "filters": list(filters), **more}}


def doing(**options: Any) -> dict[str, Any]:
    """A rule that changes budgets, with these options."""
    listed = [{"field": name, "operator": "EQUAL", "value": value} for name, value in options.items()]
    filters = [{**FILTERS[0], "value": "ADSET"}, *FILTERS[1:]]
    return {
        **evaluated(*filters),
        "execution_spec": {"execution_type": "CHANGE_BUDGET", "execution_options": listed},
    }


STEP = {"amount": 20, "unit": "PERCENTAGE"}


async def test_a_rule_runs_unless_it_is_told_not_to() -> None:
    """ENABLED where no status is sent; listed, changed by whole specs, deleted; no trial is known."""
    async with graph() as g:
        path = f"{ACCOUNT}/adrules_library"
        made = (await g.post(path, **RULE, execution_options=["validate_only"]))["id"]
        assert (await g.get(made, fields="status"))["status"] == "ENABLED"
        hourly = {"schedule_type": "CUSTOM", "schedule": [{"start_minute": 30}]}
        assert await g.post(made, schedule_spec=hourly, status="DISABLED") == {"success": True}
        assert (await g.get(made, fields="schedule_spec,status"))["schedule_spec"] == hourly
        assert (
            "filters"
            in (await g.error("POST", made, evaluation_spec={"evaluation_type": "SCHEDULE"}))["message"]
        )
        assert (await g.send("DELETE", made)).status_code == 200
        assert made not in str(await g.get(path))


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (evaluated(*FILTERS, nonsense=1), "unknown key nonsense"),
        (evaluated(FILTERS[0], FILTERS[2]), "time_preset"),
        (evaluated(*FILTERS[1:]), "entity_type or id"),
        (evaluated(*FILTERS[:2], {**FILTERS[2], "value": "50 USD"}), "[2][value]"),
        (evaluated(*FILTERS[:2], {**FILTERS[2], "operator": "OVER"}), "[operator] must be one of"),
        (evaluated({**FILTERS[0], "operator": "IN"}), "is not one of IN"),
        ({"execution_spec": {"execution_type": "EXPLODE"}}, "[execution_type] must be one of"),
        ({"execution_spec": {"execution_type": "CHANGE_BUDGET"}}, "applies to ADSET only"),
        ({"schedule_spec": {"schedule_type": "CUSTOM"}}, "goes with schedule_type CUSTOM"),
        (
            {"schedule_spec": {"schedule_type": "CUSTOM", "schedule": [{"start_minute": 10}]}},
            "multiples of 30",
        ),
        ({"evaluation_spec": {"evaluation_type": "TRIGGER", "filters": FILTERS}}, "needs a trigger"),
        (doing(change_spec={**STEP, "limitt": 10_000}), "the unknown limitt"),
        (doing(change_spec={**STEP, "amount": True}), "amount] must be a number"),
        (doing(change_spec={**STEP, "limit": [1, 2]}), "limit] is one number"),
        (doing(change_spec=STEP, execution_count_limt=1), "the unknown execution_count_limt"),
        (doing(change_spec=STEP, user_ids="abc"), "user_ids must be a list"),
        (evaluated(*FILTERS[:2], {**FILTERS[2], "field": "daily_budget", "value": "5 USD"}), "[2][value]"),
        (
            evaluated(*FILTERS[:2], {**FILTERS[2], "field": "website_purchase_roas", "value": "5 USD"}),
            "[2][value]",
        ),
        (evaluated(FILTERS[0], {**FILTERS[1], "value": "LAST_WEEKISH"}), "[1][value]"),
        (
            {"schedule_spec": {"schedule_type": "CUSTOM", "schedule": [{"days": [1], "bar": 2}]}},
            "unknown key bar",
        ),
        ({"status": "ON"}, "Param status must be one of"),
    ],
)
async def test_rules_that_are_refused(sent: dict[str, Any], text: str) -> None:
    """Each with error 100 and what is wrong; none is made."""
    async with graph() as g:
        error = await g.error("POST", f"{ACCOUNT}/adrules_library", **{**RULE, **sent})
        assert error["code"] == 100
        assert text in error["message"]
        assert g.writes() == []


async def test_a_study_is_made_below_a_business_and_touches_accounts() -> None:
    """Not below an account; its cells and what is in them are edges; another account knows nothing of it."""
    async with graph() as g:
        made = (await g.post(f"{BUSINESS}/ad_studies", **STUDY))["id"]
        assert (await g.error("POST", f"{ACCOUNT}/ad_studies", **STUDY))["code"] == 2500
        assert (await g.get(made, fields="type,start_time"))["type"] == "SPLIT_TEST"
        fields = "name,cells.limit(150){name,campaigns.limit(100){id},adsets{id}}"
        (row,) = (await g.get(f"{ACCOUNT}/impacting_ad_studies", fields=fields))["data"]
        inside = {cell["name"]: cell["campaigns"]["data"] for cell in row["cells"]["data"]}
        assert inside == {"A": [{"id": SPRING}], "B": [{"id": AUTUMN}]}
        assert (await g.get(f"{JAPAN}/impacting_ad_studies"))["data"] == []
        assert (await g.post("me/ad_studies", **STUDY))["id"] != made
        assert (await g.error("GET", made, fields="account_id"))["code"] == 100


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({"cells": [{**CELLS[0], "treatment_percentage": 9}]}, "10 or more"),
        ({"cells": [{**cell, "treatment_percentage": 60} for cell in CELLS]}, "100 in all"),
        ({"cells": [{"name": "A", "treatment_percentage": 50}]}, "one of campaigns"),
        ({"cells": [{**CELLS[0], "campaigns": ["1"]}]}, "does not exist"),
        ({"end_time": 1}, "end_time must be after"),
        ({"start_time": 1_577_836_800, "end_time": 1_580_515_200}, "must be in the future"),
        ({"end_time": "2026-12-01"}, "end_time must be an integer"),
        ({"type": "SPLIT_TEST_V2"}, "creative_test_config"),
        ({"type": "A_B"}, "Param type must be one of"),
    ],
)
async def test_studies_that_are_refused(sent: dict[str, Any], text: str) -> None:
    """Each with what is wrong; none is made."""
    async with graph() as g:
        error = await g.error("POST", f"{BUSINESS}/ad_studies", **{**STUDY, **sent})
        assert text in error["message"]
        assert g.writes() == []
