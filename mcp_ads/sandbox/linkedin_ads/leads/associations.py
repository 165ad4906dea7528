"""Which rules count for which campaigns: /campaignConversions, by keys of two URNs."""

from __future__ import annotations

from mcp_ads.sandbox.linkedin_ads import schema
from mcp_ads.sandbox.linkedin_ads.errors import bad_schema, legacy, not_found
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import Params, listed, record, text, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import PLATFORM, Answer, Body, Call, now_ms

from .conversions import KIND, OF_CAMPAIGN, OFFSETS, campaign_of, rule_of, rule_urn

RULE = urn_of("llaPartnerConversion")
KEY = record(campaign=OF_CAMPAIGN, conversion=RULE, required=("campaign", "conversion"))
BODY = schema.record(
    {"campaign": schema.urn_of("sponsoredCampaign"), "conversion": schema.urn_of("llaPartnerConversion")}
)


def of_campaigns(call: Call) -> Answer:
    for campaign in call.query["campaigns"]:
        campaign_of(call.store, campaign)
    rows = [
        _row(rule, campaign)
        for rule in call.store.all(KIND)
        for campaign in rule["campaigns"]
        if campaign in call.query["campaigns"]
    ]
    return Answer(200, offset_page(call, rows))


def get(call: Call) -> Answer:
    return Answer(200, _row(*_there(call)))


def put(call: Call) -> Answer:
    """Attaches; what is attached already stays so."""
    key = call.keys["id"]
    if complaints := list(BODY(call.body, "")):
        raise bad_schema(complaints)
    if call.body != key:
        raise legacy(400, "The body is of another key")
    campaign, rule = campaign_of(call.store, key["campaign"]), rule_of(call.store, key["conversion"])
    if campaign["account"] != rule["account"]:
        raise legacy(400, "The campaign and the conversion are of different accounts")
    if key["campaign"] not in rule["campaigns"]:
        since = {**rule["_since"], key["campaign"]: now_ms()}
        _keep(call, {**rule, "campaigns": [*rule["campaigns"], key["campaign"]], "_since": since}, "attach")
    return Answer(204)


def delete(call: Call) -> Answer:
    rule, campaign = _there(call)
    left = [one for one in rule["campaigns"] if one != campaign]
    since = {one: at for one, at in rule["_since"].items() if one != campaign}
    _keep(call, {**rule, "campaigns": left, "_since": since}, "detach")
    return Answer(204)


def _there(call: Call) -> tuple[Body, str]:
    key = call.keys["id"]
    rule = rule_of(call.store, key["conversion"])
    if key["campaign"] not in rule["campaigns"]:
        raise not_found("campaign conversion", f"(campaign:{key['campaign']},conversion:{key['conversion']})")
    return rule, key["campaign"]


def _keep(call: Call, rule: Body, what: str) -> None:
    with call.store.transaction():
        call.store.put(KIND, str(rule["id"]), rule)
        call.store.journal(PLATFORM, f"{what} conversion", str(rule["id"]), call.keys["id"])


def _row(rule: Body, campaign: str) -> Body:
    return {
        "campaign": campaign,
        "conversion": rule_urn(rule["id"]),
        "associatedAt": rule["_since"][campaign],
    }


ASSOCIATIONS = Resource(
    "campaignConversions",
    KEY,
    {
        "FINDER campaigns": Method(
            of_campaigns, Params({**OFFSETS, "campaigns": listed(OF_CAMPAIGN)}, ("campaigns",))
        ),
        "GET": Method(get, Params({"fields": text})),
        "UPDATE": Method(put),
        "DELETE": Method(delete),
    },
)
