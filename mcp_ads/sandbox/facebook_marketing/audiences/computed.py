"""What is worked out when an audience is read."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.facebook_marketing.params import Body, as_json
from mcp_ads.sandbox.facebook_marketing.state import Computed, State


def _alike(state: State, audience: Body) -> list[str]:
    return [row["id"] for row in state.all("audience") if row.get("origin_audience_id") == audience["id"]]


def _spec(_: State, audience: Body) -> Any:
    """What was sent as text is read as an object."""
    return as_json("lookalike_spec", audience.get("lookalike_spec") or "null")


def _eligible(_: State, audience: Body) -> bool:
    """Special ad categories may use customer lists and visitors, and nobody who is only alike."""
    return bool(audience["subtype"] != "LOOKALIKE")


def _account(_: State, saved: Body) -> Body:
    return {"account_id": saved["account_id"], "id": f"act_{saved['account_id']}"}


COMPUTED: Computed = {
    ("audience", "lookalike_audience_ids"): _alike,
    ("audience", "lookalike_spec"): _spec,
    ("audience", "is_eligible_for_sac_campaigns"): _eligible,
    ("saved_audience", "account"): _account,
}
