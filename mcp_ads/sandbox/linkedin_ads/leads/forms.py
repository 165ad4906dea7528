"""Lead forms and what people wrote into them: /leadForms, /leadFormResponses. Both are found by owner."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.linkedin_ads.errors import bad_param, legacy, no_access, not_found
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import (
    ParamError,
    Params,
    boolean,
    enum,
    integer,
    number_key,
    record,
    text,
    urn_of,
)
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, CAMPAIGN, FORM, Answer, Body, Call, public, tail

from .conversions import OFFSETS

RESPONSE = "linkedin.response"
SPONSORED = "SPONSORED"
OWNERS = {"sponsoredAccount": urn_of("sponsoredAccount"), "organization": urn_of("organization")}
TYPES = record(leadType=enum(SPONSORED, "EVENT", "COMPANY", "ORGANIZATION_PRODUCT"), required=("leadType",))
MS = integer(0, 10**14)
DECORATIONS = ("form", "ownerInfo", "associatedEntityInfo", "leadMetadataInfo")


def owner(value: Any) -> dict[str, str]:
    """The union of an ad account and a Page, as a record of one of them."""
    if not isinstance(value, dict):
        raise ParamError("union type is not backed by a DataMap or null")
    if len(value) != 1:
        raise ParamError("exactly one member of the union must be set")
    return dict(record((), **OWNERS)(value))


def forms_of(call: Call) -> Answer:
    mine = _of_owner(call, FORM)
    return Answer(200, offset_page(call, [_form(form) for form in mine]))


def get_form(call: Call) -> Answer:
    return Answer(200, _form(_found(call, FORM, "lead form")))


def responses_of(call: Call) -> Answer:
    query, kind = call.query, call.query["leadType"]["leadType"]
    if (kind == SPONSORED) != ("sponsoredAccount" in query["owner"]):
        raise bad_param("leadType", f"{kind} is not allowed for this owner")
    first, last = (query.get("submittedAtTimeRange", {}).get(end) for end in ("start", "end"))
    found = [
        response
        for response in _of_owner(call, RESPONSE)
        if response["leadType"] == kind
        and (not query.get("limitedToTestLeads") or response["testLead"])
        and (first is None or response["submittedAt"] >= first)
        and (last is None or response["submittedAt"] < last)
        and query.get("versionedLeadGenFormUrn") in (None, response["versionedLeadGenFormUrn"])
    ]
    newest = sorted(found, key=lambda response: -response["submittedAt"])
    return Answer(200, offset_page(call, [_decorated(call, response) for response in newest]))


def get_response(call: Call) -> Answer:
    return Answer(200, _decorated(call, _found(call, RESPONSE, "lead form response")))


def _of_owner(call: Call, kind: str) -> list[Body]:
    ((who, name),) = call.query["owner"].items()
    accounts = call.store.all(ACCOUNT)
    known = {
        "sponsoredAccount": {f"urn:li:sponsoredAccount:{account['id']}" for account in accounts},
        "organization": {account["reference"] for account in accounts},
    }
    if name not in known[who]:
        raise no_access(name)
    return [row for row in call.store.all(kind) if row["owner"] == call.query["owner"]]


def _found(call: Call, kind: str, noun: str) -> Body:
    found = call.store.get(kind, call.keys["id"])
    if found is None:
        raise not_found(noun, call.keys["id"])
    return found


def _form(form: Body) -> Body:
    """The form in its latest version."""
    return {**public(form), "content": form["_versions"][str(form["versionId"])]}


def _decorated(call: Call, response: Body) -> Body:
    """The response, with what stands beside it where `fields` names that: the form in its own version."""
    shown, asked = public(response), call.query.get("fields", "")
    if not any(name in asked for name in DECORATIONS):
        return shown
    form, version = response["versionedLeadGenFormUrn"].rstrip(")").rpartition(":")[2].split(",")
    kept = call.store.get(FORM, form)
    if kept is None:
        raise legacy(500, "The form of a response is not there")
    shown["form"] = {**_form(kept), "content": kept["_versions"][version]}
    if "sponsoredAccount" in response["owner"]:
        account = call.store.get(ACCOUNT, tail(response["owner"]["sponsoredAccount"])) or {}
        campaign = response["leadMetadata"]["sponsoredLeadMetadata"]["campaign"]
        name = (call.store.get(CAMPAIGN, tail(campaign)) or {}).get("name")
        shown["ownerInfo"] = {"sponsoredAccountInfo": {"name": account.get("name")}}
        shown["leadMetadataInfo"] = {
            "sponsoredLeadMetadataInfo": {"campaign": {"id": campaign, "name": name}}
        }
    return shown


FORMS = Resource(
    "leadForms",
    number_key,
    {
        "FINDER owner": Method(forms_of, Params({**OFFSETS, "owner": owner}, ("owner",))),
        "GET": Method(get_form, Params({"fields": text})),
    },
)
RESPONSES = Resource(
    "leadFormResponses",
    text,
    {
        "FINDER owner": Method(
            responses_of,
            Params(
                {
                    **OFFSETS,
                    "owner": owner,
                    "leadType": TYPES,
                    "limitedToTestLeads": boolean,
                    "submittedAtTimeRange": record(start=MS, end=MS),
                    "versionedLeadGenFormUrn": urn_of("versionedLeadGenForm"),
                },
                ("owner", "leadType"),
            ),
        ),
        "GET": Method(get_response, Params({"fields": text})),
    },
)
