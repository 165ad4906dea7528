"""Ad studies: A/B tests of campaigns, ad sets or accounts, and which of them touch an account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import absent, invalid
from mcp_ads.sandbox.facebook_marketing.objects import Answer, shown
from mcp_ads.sandbox.facebook_marketing.params import Body, checked, instant, moment
from mcp_ads.sandbox.facebook_marketing.state import now_text
from mcp_ads.sandbox.facebook_marketing.tables import KINDS
from mcp_ads.sandbox.facebook_marketing.writes import check_name, created, require

INSIDE = {"campaigns": "campaign", "adsets": "adset", "adaccounts": "account"}
LISTS = {**INSIDE, "ads": "ad"}
LEAST, WHOLE, MOST_CELLS, MOST_ADS = 10, 100, 150, 5
CREATIVE_TEST = "SPLIT_TEST_V2"


def create(call: Call) -> Body:
    """POST a study; no trial is known here."""
    sent = checked(call.edge, call.params)
    require(sent, *KINDS["study"].required.split())
    check_name(sent)
    if sent["end_time"] <= sent["start_time"]:
        raise invalid("Param end_time must be after start_time")
    if instant(moment("end_time", sent["end_time"])) <= datetime.now(UTC):
        raise invalid("Param end_time must be in the future")
    kind = sent.get("type", "SPLIT_TEST")
    cells = [_cell(call, cell) for cell in sent["cells"]]
    if not cells or len(cells) > MOST_CELLS or sum(cell["treatment_percentage"] for cell in cells) > WHOLE:
        raise invalid(f"cells must be 1 to {MOST_CELLS}, with treatment_percentage of {WHOLE} in all at most")
    if kind == CREATIVE_TEST:
        _check_creative_test(sent, cells)
    times = {name: moment(name, sent[name]) for name in ("start_time", "end_time")}
    kept: Body = {name: sent[name] for name in ("name", "description") if name in sent}
    with call.state.store.transaction():
        body = {"type": kind, **kept, **times, "account_id": cells[0]["_account"], "created_time": now_text()}
        answer = created(call, "study", {**body, "updated_time": body["created_time"]})
        for cell in cells:
            call.state.put("cell", {"id": call.state.new_id(), "study_id": answer["id"], **cell})
    return answer


def _check_creative_test(sent: Body, cells: list[Body]) -> None:
    config, parts = sent.get("creative_test_config") or {}, [cell["treatment_percentage"] for cell in cells]
    if len(set(config) & {"daily_budget", "lifetime_budget_percentage"}) != 1 or sum(parts) != WHOLE:
        raise invalid("A creative test needs creative_test_config, and cells of 100 percent in all")
    if sent.get("cooldown_start_time") != sent["start_time"] or len(cells) > MOST_ADS:
        raise invalid("A creative test needs cooldown_start_time = start_time, and at most five cells")
    if sent.get("observation_end_time") != sent["end_time"] or any(
        len(cell.get("ads", ())) != 1 for cell in cells
    ):
        raise invalid("A creative test needs observation_end_time = end_time, and one ad in each cell")


def _cell(call: Call, cell: Any) -> Body:
    """A cell as it is kept, with the account of what is in it."""
    lists = [name for name in LISTS if cell.get(name)] if isinstance(cell, dict) else []
    if len(lists) != 1 or set(cell) - {"name", "treatment_percentage", "description", *lists}:
        raise invalid(f"Each cell needs name, treatment_percentage and one of {', '.join(LISTS)}")
    part = cell.get("treatment_percentage")
    if not isinstance(part, int | float) or part < LEAST or not cell.get("name"):
        raise invalid(f"Each cell needs a name and a treatment_percentage of {LEAST} or more")
    found = [_object(call, LISTS[lists[0]], str(one)) for one in cell[lists[0]]]
    ids = [body["id"] for body in found]
    about = {"name": cell["name"], "treatment_percentage": part, "ad_entities_count": len(ids)}
    ads = {"ad_ids": ids} if lists[0] == "ads" else {}
    return {**about, **ads, lists[0]: ids, "_account": found[0]["account_id"]}


def _object(call: Call, kind: str, id: str) -> Body:
    found = call.state.get(kind, f"act_{id.removeprefix('act_')}" if kind == "account" else id)
    if found is None:
        raise absent("POST", id)
    return found


def impacting(call: Call) -> Body:
    """GET the studies with something of the account in one of their cells, whoever made them."""
    checked(call.edge, call.params)
    cells = [cell for cell in call.state.all("cell") if cell["_account"] == call.node["account_id"]]
    touched = {cell["study_id"] for cell in cells}
    return shown(call, "study", [row for row in call.state.all("study") if row["id"] in touched][::-1])


def inside(kind: str) -> Answer:
    """GET the objects in a cell."""
    edge = next(edge for edge, below in INSIDE.items() if below == kind)

    def answer(call: Call) -> Body:
        checked(call.edge, call.params)
        bodies = (call.state.get(kind, one) for one in call.node.get(edge, ()))
        return shown(call, kind, [body for body in bodies if body is not None])

    return answer
