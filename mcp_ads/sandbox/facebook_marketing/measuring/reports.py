"""The insights edges: at once (GET) and as a report run (POST, poll, fetch)."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.facebook_marketing.calls import Call, fields_of
from mcp_ads.sandbox.facebook_marketing.errors import GraphError
from mcp_ads.sandbox.facebook_marketing.lists import page
from mcp_ads.sandbox.facebook_marketing.params import SECRET, Body
from mcp_ads.sandbox.facebook_marketing.tables import KINDS, table
from mcp_ads.sandbox.facebook_marketing.views import view
from mcp_ads.sandbox.fault_kinds import takes

from . import insights

STATES = table("reports.json", __package__)
"""What a run says of itself: step by step, when it has failed, and when it is no longer kept."""
PATIENCE = 8.0
SYNC_LIMIT = 20_000
KEPT = 30 * 86_400
ROWS_A_PAGE = 5000
RESULT_PARAMS = {"limit", "after", "before", "summary", "default_summary", *SECRET}


def at_once(call: Call) -> Body:
    """GET insights."""
    query = insights.query_of(call)
    scope = insights.scope_of(call.state, call.kind, call.node, query.about, query.level)
    rows = insights.rows_of(query, scope)
    if len(rows) > SYNC_LIMIT:
        text = "(#100) Too many data points requested, use an asynchronous report"
        raise GraphError(100, text, subcode=1487534)
    return _page(call, query, scope, rows)


def order(call: Call) -> Body:
    """POST insights: the run's id, nothing else."""
    kept = {name: value for name, value in call.params.items() if name not in SECRET | {"export_format"}}
    query = insights.query_of(call)
    clock = call.state.store.clock
    now = int(clock.now())
    run: Body = {
        "id": call.state.new_id(),
        "account_id": call.node["account_id"],
        "time_ref": now,
        "date_start": min(period[0] for period in query.periods).isoformat(),
        "date_stop": max(period[1] for period in query.periods).isoformat(),
        "_of": [call.kind, call.node["id"]],
        "_params": kept,
        "_polls": 0,
        "_takes": takes(call.fault, clock.report_delay),
        "_fails": (call.fault or {}).get("kind") == "report-fails",
    }
    call.state.put("run", run)
    return {"report_run_id": run["id"]}


def poll(call: Call) -> Body:
    """GET a run: each look, or enough time, moves it on; time alone where reports take some."""
    run = {**call.node, "_polls": call.node["_polls"] + 1}
    call.state.put("run", run)
    shown = {**run, **_progress(call, run)}
    return view(call.to(call.edge, "run", shown, {}), fields_of(call.params, KINDS["run"].shown))


def _progress(call: Call, run: Body) -> Body:
    age = call.state.store.clock.now() - run["time_ref"]
    if age > KEPT:
        return dict(STATES["expired"])
    if takes := run.get("_takes"):
        step = min(int(3 * age / takes), 3)
    else:
        step = 3 if age > PATIENCE else min(max(run["_polls"] - 1, 0), 3)
    if run["_fails"] and step >= 2:
        return dict(STATES["failed"])
    done: Body = {"time_completed": run["time_ref"] + 3} if step == 3 else {}
    return {**STATES["steps"][step], **done}


def results(call: Call) -> Body:
    """GET a finished run's rows."""
    run = call.node
    if _progress(call, run)["async_status"] != "Job Completed":
        raise GraphError(
            2601,
            "(#2601) Error accessing the report job",
            subcode=1815107,
            error_user_title="Loading async report failed",
            error_user_msg="The report cannot be loaded because the job is not complete or has failed.",
        )
    kind, owner = run["_of"]
    found = call.state.get(kind, owner)
    assert found is not None
    asked = {name: value for name, value in call.params.items() if name in RESULT_PARAMS}
    inner = call.to(f"GET {kind}/insights", kind, found, {**run["_params"], **asked})
    query = insights.query_of(inner)
    scope = insights.scope_of(call.state, kind, found, query.about, query.level)
    return _page(inner.to(call.edge, "run", run, inner.params), query, scope, insights.rows_of(query, scope))


def _page(call: Call, query: insights.Query, scope: insights.Scope, rows: list[Any]) -> Body:
    by_number: list[Body] = [{"row": row} for row in rows]
    params = {name: value for name, value in call.params.items() if name != "summary"}
    counted = call.to(call.edge, call.kind, call.node, params)
    answer = page(
        counted, by_number, lambda numbered: insights.render(numbered["row"], query.fields), most=ROWS_A_PAGE
    )
    if query.summary:
        answer["summary"] = insights.total(query, scope, rows)
    return answer
