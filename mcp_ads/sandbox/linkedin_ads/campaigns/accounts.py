"""Ad accounts: /adAccounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from mcp_ads.sandbox.linkedin_ads import schema
from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import ApiError, Fault, bad_param, no_access
from mcp_ads.sandbox.linkedin_ads.params import enum, urn_of, values
from mcp_ads.sandbox.linkedin_ads.searching import search_filters
from mcp_ads.sandbox.linkedin_ads.state import (
    ACCOUNT,
    CAMPAIGN,
    GROUP,
    MEMBER,
    USER,
    Answer,
    Body,
    Call,
    audit,
    now_ms,
    owned,
    public,
    urn,
)
from mcp_ads.sandbox.store import Store

STATUSES = ("ACTIVE", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED")
CURRENCIES = ("AUD", "BRL", "CAD", "CHF", "EUR", "GBP", "INR", "JPY", "SEK", "SGD", "USD", "ZAR")
TYPES, REFERRED = ("BUSINESS", "ENTERPRISE"), ("organization", "person")
NOTICES = (
    "CampaignOptimization",
    "CreativeApproval",
    "CreativeRejection",
    "EndOfCampaign",
    "NewFeaturesEnabled",
)
FIRST_GROUP = "Default Campaign Group"


class Accounts(Collection):
    """Accounts the member may see; one that is not there is one the member may not see."""

    path = "adAccounts"
    noun, kind, urn_kind, first_id = "account", ACCOUNT, "sponsoredAccount", 530_000_000
    methods = ("GET", "CREATE", "BATCH_CREATE", "PARTIAL_UPDATE", "DELETE")
    fields: ClassVar = {
        "name": schema.string,
        "type": schema.enum(*TYPES),
        "currency": schema.CURRENCY,
        "status": schema.enum(*STATUSES),
        "reference": schema.urn_of(*REFERRED),
        "test": schema.boolean,
        **{f"notifiedOn{notice}": schema.boolean for notice in NOTICES},
    }
    required = ("name", "type")
    read_only = ("id", "servingStatuses", "changeAuditStamps", "version")
    defaults: ClassVar = {"currency": "USD", "status": "ACTIVE", "test": False}
    filters: ClassVar = search_filters(
        "sponsoredAccount", STATUSES, type=values(enum(*TYPES)), reference=values(urn_of(*REFERRED))
    )

    def search(self, call: Call) -> Answer:
        if "search" in call.query and "pageToken" in call.query:
            raise bad_param("pageToken", "A page token does not go with search here; ask for a larger page")
        return super().search(call)

    def absent(self, id: str) -> ApiError:
        return no_access(urn(self.urn_kind, id))

    def faults(self, call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
        if "name" in new and not new["name"].strip():
            yield Fault("BLANK_ACCOUNT_NAME", "/name", "An account needs a name")
        yield from _of_a_change(call, new, old) if old else _of_a_new_one(call, new)

    def undeletable(self, call: Call, old: Body) -> Iterator[Fault]:
        del call
        if old["status"] != "DRAFT":
            yield Fault("DELETE_NOT_ALLOWED", "/status", "Only drafts can be deleted")

    def make(self, call: Call, body: Any) -> str:
        """With a first group, and the member who made it as the one who pays."""
        number = super().make(call, body)
        mine, group = urn(self.urn_kind, number), call.store.new_id(GROUP, 600_000_000)
        user = {"account": mine, "user": MEMBER, "role": "ACCOUNT_BILLING_ADMIN"}
        call.store.put(USER, f"{mine},{MEMBER}", {**user, "changeAuditStamps": audit(now_ms())})
        first = {"id": int(group), "account": mine, "name": FIRST_GROUP, "status": "ACTIVE"}
        more = {"backfilled": True, "test": False, "runSchedule": {"start": now_ms()}}
        call.store.put(GROUP, group, self.stamped({**first, **more}))
        return number

    def deleted(self, call: Call, old: Body) -> None:
        mine = urn(self.urn_kind, old["id"])
        call.store.delete(USER, f"{mine},{MEMBER}")
        for group in owned(call.store, GROUP, str(old["id"])):
            call.store.delete(GROUP, str(group["id"]))

    def view(self, store: Store, body: Body) -> Body:
        del store
        serving = body.get("servingStatuses", ["RUNNABLE"]) if body["status"] == "ACTIVE" else ["STOPPED"]
        return {**public(body), "servingStatuses": serving}


def _of_a_new_one(call: Call, new: Body) -> Iterator[Fault]:
    if new.get("type", "BUSINESS") != "BUSINESS":
        yield Fault("INVALID_VALUE_FOR_FIELD", "/type", "Only BUSINESS accounts are made here")
    if new["currency"] not in CURRENCIES:
        yield Fault("CURRENCY_NOT_SUPPORTED", "/currency", f"{new['currency']} is not supported")
    if new["test"] and any(account["test"] for account in call.store.all(ACCOUNT)):
        yield Fault("TEST_ACCOUNT_LIMIT_REACHED", "/test", "The application has a test account already")


def _of_a_change(call: Call, new: Body, old: Body) -> Iterator[Fault]:
    if old["status"] in ("CANCELED", "PENDING_DELETION", "REMOVED"):
        yield Fault("ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS", "/status", f"The account is {old['status']}")
    for name in ("type", "currency", "test"):
        if new.get(name) != old.get(name):
            yield Fault("FIELD_NOT_EDITABLE", f"/{name}", f"Field {name} cannot be set")
    if new.get("reference") != old.get("reference") and owned(call.store, CAMPAIGN, str(old["id"])):
        text = "The reference is fixed once there are campaigns"
        yield Fault("UPDATE_REFERENCE_NOT_ALLOWED", "/reference", text)
