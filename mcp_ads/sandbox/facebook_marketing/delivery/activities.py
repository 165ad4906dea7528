"""The log of an account: who changed what, in the old words that it still has for campaigns and ad sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

from mcp_ads.sandbox.facebook_marketing.calls import Call, Field, fields_of
from mcp_ads.sandbox.facebook_marketing.errors import nonexisting
from mcp_ads.sandbox.facebook_marketing.lists import page
from mcp_ads.sandbox.facebook_marketing.params import Body, checked, instant, stamp
from mcp_ads.sandbox.facebook_marketing.state import PARENT, State, now
from mcp_ads.sandbox.facebook_marketing.tables import node_fields

USUAL_DAYS = 7


def listed(call: Call) -> Body:
    """GET the activities of an account: those of the last week unless the call says otherwise."""
    sent, fields = checked(call.edge, call.params), fields_of(call.params, "event_time,event_type")
    for field in fields:
        if field.name not in node_fields("AdActivity"):
            raise nonexisting(field.name, "AdActivity")
    since = instant(sent["since"]) if sent.get("since") else now() - timedelta(days=USUAL_DAYS)
    until = instant(sent["until"]) if sent.get("until") else now() + timedelta(days=1)
    rows = [row for row in _all(call) if since <= instant(row["event_time"]) < until]
    rows = [row for row in rows if _fits(call, row, sent)]
    rows.sort(key=lambda row: instant(row["event_time"]), reverse=True)
    return page(call, rows, lambda row: _shown(row, fields), most=500)


def _shown(row: Body, fields: list[Field]) -> Body:
    return {field.name: row[field.name] for field in fields if row.get(field.name)}


def _fits(call: Call, row: Body, sent: Body) -> bool:
    if sent.get("category") not in (None, "", row["_category"]):
        return False
    if str(sent.get("uid") or row["actor_id"]) != row["actor_id"]:
        return False
    oid = sent.get("oid")
    ids = _with_parents(call.state, row) if sent.get("add_children") else [row["object_id"]]
    return not oid or oid in ids


def _with_parents(state: State, row: Body) -> list[str]:
    found, kind = [row["object_id"]], row["_kind"]
    body = state.get(kind, row["object_id"])
    while body and kind in PARENT:
        body, kind = state.parent(kind, body), PARENT[kind][0]
        found += [body["id"]] if body else []
    return found


def _all(call: Call) -> Iterator[Body]:
    account, state = call.node, call.state
    for row in state.owned("activity", "account_id", account["account_id"]):
        yield row if "event_time" in row else _settled(state, account, row)
    for ad in state.owned("ad", "account_id", account["account_id"]):
        if ad.get("_review") == "DISAPPROVED":
            yield _declined(ad)


def _settled(state: State, account: Body, row: Body) -> Body:
    """An entry there is from the beginning, with its time and what it is about, which stay from now on."""
    found = account if row["_kind"] == "account" else _running(state, account, row["_kind"])
    at = instant(row["created_time"]).astimezone(UTC) - timedelta(days=row["_days"])
    about = {"object_id": found["id"].removeprefix("act_"), "object_name": found["name"]}
    state.put("activity", row | about | {"event_time": stamp(at)})
    return row | about | {"event_time": stamp(at)}


def _running(state: State, account: Body, kind: str) -> Body:
    """The newest object of this kind that delivers, as everybody's example."""
    rows = state.owned(kind, "account_id", account["account_id"])
    return next(row for row in reversed(rows) if row["status"] == "ACTIVE")


def _declined(ad: Body) -> Body:
    """The entry of a review that declined an ad."""
    return {
        "id": f"declined {ad['id']}",
        "_kind": "ad",
        "_category": "AD",
        "actor_id": "0",
        "actor_name": "Meta",
        "event_type": "ad_review_declined",
        "translated_event_type": "Ad review declined",
        "object_type": "ADGROUP",
        "object_id": ad["id"],
        "object_name": ad["name"],
        "event_time": stamp(instant(ad["updated_time"]).astimezone(UTC)),
        "extra_data": "{}",
    }
