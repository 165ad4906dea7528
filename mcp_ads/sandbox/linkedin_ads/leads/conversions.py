"""Conversion rules: /conversions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from mcp_ads.sandbox.linkedin_ads import schema
from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import Fault, bad_param, legacy, no_access
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import Params, enum, integer, text, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, CAMPAIGN, Answer, Body, Call, now_ms, owned, tail, urn
from mcp_ads.sandbox.store import Store

KIND = "linkedin.conversion"
TYPE = schema.enum(
    "ADD_BILLING_INFO", "ADD_TO_CART", "ADD_TO_LIST", "AD_CLICK", "AD_VIEW", "BOOK_APPOINTMENT",
    "COMPLETE_SIGNUP", "CONTACT", "DONATE", "DOWNLOAD", "INSTALL", "INVITE", "KEY_PAGE_VIEW", "LEAD", "LOGIN",
    "MARKETING_QUALIFIED_LEAD", "OTHER", "OUTBOUND_CLICK", "PHONE_CALL", "PURCHASE", "QUALIFIED_LEAD",
    "REQUEST_QUOTE", "SALES_QUALIFIED_LEAD", "SAVE", "SCHEDULE", "SEARCH", "SHARE", "SIGN_UP",
    "START_CHECKOUT", "START_TRIAL", "SUBMIT_APPLICATION", "SUBSCRIBE", "VIEW_CONTENT", "VIEW_VIDEO",
)  # fmt: skip
STREAMED = "CONVERSIONS_API"
DAYS, LONG_DAYS = (1, 7, 30, 90), (180, 365)
LONG = ("SUBMIT_APPLICATION", "PURCHASE", "ADD_TO_CART", "QUALIFIED_LEAD", "LEAD")
WINDOWS = ("postClickAttributionWindowSize", "viewThroughAttributionWindowSize")
CONDITION = schema.record(
    {"matchType": schema.enum("CONTAINS", "EXACT", "STARTS_WITH"), "matchValue": schema.string}
)
OFFSETS = {"q": text, "fields": text, "start": integer(0, 10**9), "count": integer(1, 1000)}
OF_ACCOUNT, OF_CAMPAIGN = urn_of("sponsoredAccount"), urn_of("sponsoredCampaign")
ATTACHES = enum("ALL_CAMPAIGNS", "OBJECTIVE_BASED", "NONE")
OVER = ("CANCELED", "ARCHIVED", "REMOVED", "PENDING_DELETION")


class Conversions(Collection):
    """Rules of all accounts in one collection; none is ever deleted."""

    path, noun, kind, urn_kind, first_id = "conversions", "conversion", KIND, "llaPartnerConversion", 104_000
    modern, status = False, "enabled"
    methods = ("GET", "BATCH_GET", "CREATE", "BATCH_CREATE", "PARTIAL_UPDATE", "BATCH_PARTIAL_UPDATE")
    fields: ClassVar = {
        "account": schema.urn_of("sponsoredAccount"),
        "name": schema.string,
        "type": TYPE,
        "conversionMethod": schema.enum(
            STREAMED, "INSIGHT_TAG_URL_MATCH_RULES", "INSIGHT_TAG_WEBSITE_SIGNAL"
        ),
        "attributionType": schema.enum("LAST_TOUCH_BY_CAMPAIGN", "LAST_TOUCH_BY_CONVERSION"),
        **dict.fromkeys(WINDOWS, schema.long),
        "enabled": schema.boolean,
        "valueType": schema.enum("FIXED", "DYNAMIC", "NO_VALUE"),
        "value": schema.MONEY,
        "urlMatchRuleExpression": schema.array(schema.array(CONDITION)),
        "campaigns": schema.array(schema.urn_of("sponsoredCampaign")),
    }
    required = ("account", "name", "type")
    read_only = (
        "id", "created", "lastModified", "lastCallbackAt", "latestFirstPartyCallbackAt", "imagePixelTag",
        "ownershipType", "associatedCampaigns",
    )  # fmt: skip
    defaults: ClassVar = {
        "enabled": True, "attributionType": "LAST_TOUCH_BY_CAMPAIGN", WINDOWS[0]: 30, WINDOWS[1]: 7,
        "valueType": "DYNAMIC", "campaigns": [], "ownershipType": "OWNER", "_since": {},
    }  # fmt: skip

    def named(self) -> Mapping[str, Method]:
        account = {"account": OF_ACCOUNT}
        return {
            "GET": Method(self.get, Params({"fields": text, **account})),
            "CREATE": Method(self.create, Params({"autoAssociationType": ATTACHES})),
            "PARTIAL_UPDATE": Method(self.partial_update, Params(account)),
            "FINDER account": Method(self.of_account, Params({**OFFSETS, **account}, ("account",))),
            "FINDER campaign": Method(
                self.of_campaign, Params({**OFFSETS, "campaign": OF_CAMPAIGN}, ("campaign",))
            ),
        }

    def of_account(self, call: Call) -> Answer:
        if call.store.get(ACCOUNT, tail(call.query["account"])) is None:
            raise no_access(call.query["account"])
        return self._found_by(call, lambda rule: bool(rule["account"] == call.query["account"]))

    def of_campaign(self, call: Call) -> Answer:
        campaign_of(call.store, call.query["campaign"])
        return self._found_by(call, lambda rule: call.query["campaign"] in rule["campaigns"])

    def _found_by(self, call: Call, fits: Any) -> Answer:
        rules = [self.view(call.store, rule) for rule in call.store.all(KIND) if fits(rule)]
        return Answer(200, offset_page(call, rules))

    def found(self, call: Call, id: str) -> Body:
        rule = super().found(call, id)
        if call.query.get("account", rule["account"]) != rule["account"]:
            raise no_access(call.query["account"])
        return rule

    def completed(self, call: Call, body: Body) -> Body:
        new, attached = super().completed(call, body), call.query.get("autoAssociationType", "NONE")
        if attached != "NONE":
            there = owned(call.store, CAMPAIGN, tail(new["account"])) if "account" in new else []
            fits = attached == "ALL_CAMPAIGNS"
            new["campaigns"] = [
                urn("sponsoredCampaign", campaign["id"])
                for campaign in there
                if campaign["status"] not in OVER
                and (fits or campaign.get("objectiveType") == "WEBSITE_CONVERSION")
            ]
        return new

    def faults(self, call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
        if "account" not in new:
            return
        account = call.store.get(ACCOUNT, tail(new["account"]))
        if account is None:
            raise no_access(new["account"])
        for campaign in new["campaigns"]:
            if campaign_of(call.store, campaign)["account"] != new["account"]:
                yield Fault("MISMATCH_FIELDS", "/campaigns", f"{campaign} is of another account")
        yield from _windows(new)
        if new["valueType"] == "FIXED" and not new.get("value"):
            yield Fault("MISSING_FIELD", "/value", "A fixed value needs value")
        if new.get("value") and new["value"]["currencyCode"] != account["currency"]:
            yield Fault("CURRENCY_MISMATCH", "/value", "The currency is not the account's")
        if new.get("conversionMethod") == STREAMED and new.get("urlMatchRuleExpression"):
            yield Fault("FIELD_NOT_ALLOWED", "/urlMatchRuleExpression", "No URL rules for streamed events")
        if old and new.get("conversionMethod") != old.get("conversionMethod"):
            yield Fault("FIELD_NOT_EDITABLE", "/conversionMethod", "The method is fixed")

    def stamped(self, body: Body) -> Body:
        """With the marks of a change made now, and since when each campaign has the rule."""
        since = {campaign: body["_since"].get(campaign, now_ms()) for campaign in body["campaigns"]}
        return {**body, "created": body.get("created", now_ms()), "lastModified": now_ms(), "_since": since}

    def view(self, store: Store, body: Body) -> Body:
        mine = rule_urn(body["id"])
        joined = [
            {"campaign": campaign, "conversion": mine, "associatedAt": at}
            for campaign, at in body["_since"].items()
        ]
        return {**super().view(store, body), "associatedCampaigns": joined}


def _windows(new: Body) -> Iterator[Fault]:
    for name in WINDOWS:
        if new[name] not in DAYS and not (new[name] in LONG_DAYS and new.get("type") in LONG):
            yield Fault("INVALID_VALUE_FOR_FIELD", f"/{name}", f"{new[name]} days are not allowed")


def rule_urn(id: object) -> str:
    return f"urn:lla:llaPartnerConversion:{id}"


def rule_of(store: Store, name: str) -> Body:
    """The rule of that URN; in the platform's words where there is none."""
    rule = store.get(KIND, tail(name))
    if rule is None or rule_urn(rule["id"]) != name:
        raise bad_param("conversion", f"No conversion {name} exists")
    return rule


def campaign_of(store: Store, name: str) -> Body:
    campaign = store.get(CAMPAIGN, tail(name))
    if campaign is None:
        raise legacy(403, f"The member may not read or change {name}", 100)
    return campaign
