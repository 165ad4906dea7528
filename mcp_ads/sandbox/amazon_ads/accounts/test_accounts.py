"""Test accounts: asked for at the North American host, and there when they are asked about again."""

from __future__ import annotations

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads import tokens
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply

KIND, SCOPE, PLACE = "amazon.testAccounts", "advertising::test:create_account", "/testAccounts"
COUNTRIES = {
    *("AE", "AU", "BE", "BR", "CA", "DE", "EG", "ES", "FR", "IT", "JP", "MX", "NL", "PL", "SA", "SE"),
    *("SG", "TR", "UK", "US"),
}
FIELDS = {"countryCode", "accountType", "accountMetaData"}


def create(call: Call) -> Response:
    """A request for one account; there is one of each type and country."""
    _check_allowed(call)
    sent = call.body
    if not isinstance(sent, dict) or sent.keys() - FIELDS:
        raise Refused(400, f"The body has {', '.join(sorted(FIELDS))}")
    country, kind = sent.get("countryCode"), sent.get("accountType")
    if country not in COUNTRIES or kind not in {"AUTHOR", "VENDOR"}:
        raise Refused(400, "countryCode or accountType is missing or not one of those there are")
    if (sent.get("accountMetaData") or {}).keys() - {"vendorCode"}:
        raise Refused(400, "accountMetaData has vendorCode and nothing else")
    if any((old["countryCode"], old["accountType"]) == (country, kind) for old in call.store.all(KIND)):
        raise Refused(400, f"There is a test account of type {kind} in {country} already")
    new = call.store.new_id("amazon.id", 900_000_000_000_000)
    account: Body = {"countryCode": country, "accountType": kind, "asins": [], "id": f"ENTITYTEST{new}"}
    call.store.put(KIND, f"request-{new}", {**account, "_request": f"request-{new}", "_asked": 0})
    call.store.journal("amazon_ads", "create test account", new, sent)
    return reply({"requestId": f"request-{new}"})


def read(call: Call) -> Response:
    """What became of a request: it takes until it is asked about a second time."""
    _check_allowed(call)
    wanted = call.request.query_params.get("requestId")
    found = [row for row in call.store.all(KIND) if wanted in (None, row["_request"])]
    for row in found:
        call.store.put(KIND, row["_request"], {**row, "_asked": row["_asked"] + 1})
    return reply([_shown(row) for row in found])


def _shown(row: Body) -> Body:
    account = {name: value for name, value in row.items() if not name.startswith("_")}
    if row["_asked"]:
        return {**account, "status": "COMPLETED"}
    return {**account, "id": None, "status": "IN_PROGRESS"}


def _check_allowed(call: Call) -> None:
    if call.region != "NA":
        raise Refused(404, f"Method Not Found: {PLACE}")
    if not tokens.has_scope(call.store, call.request.headers.get("authorization", ""), SCOPE):
        raise Refused(403, "The token has not the scope that this needs")


OPERATIONS = (
    Operation("POST", PLACE, create, takes="application/json", scoped=False),
    Operation("GET", PLACE, read, scoped=False),
)
