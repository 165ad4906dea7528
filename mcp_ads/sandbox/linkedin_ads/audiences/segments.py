"""Uploaded audiences, who is in them, and the ad segments they become: /dmpSegments, /adSegments."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from mcp_ads.sandbox.linkedin_ads import schema
from mcp_ads.sandbox.linkedin_ads.batches import member
from mcp_ads.sandbox.linkedin_ads.campaigns.ad_segments import AD_SEGMENT
from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import Fault, bad_schema, gateway, legacy, no_access
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import Params, either, integer, listed, number_key, text, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, PLATFORM, Answer, Body, Call, public, tail, urn
from mcp_ads.sandbox.numbers import noise
from mcp_ads.sandbox.store import Store

from .estimates import FEWEST, rounded

SEGMENT, MEMBERS = "linkedin.dmpSegment", "linkedin.dmpMembers"
TYPES = ("USER", "COMPANY", "USER_LIST_UPLOAD", "COMPANY_LIST_UPLOAD")
FIRST_SEGMENT, FIRST_AD_SEGMENT = 11_000, 8_000
FIXED = ("account", "type", "accessPolicy", "sourcePlatform", "destinations", "sourceSegmentId")
CLOSED = ("EXPIRED", "FAILED", "ERROR")
MOST = 5_000
MATCHED = 0.62
PLATFORM_NAME = schema.matching(r"[A-Z][A-Z0-9_]+", "a source platform")
OWNER = urn_of("sponsoredAccount")
PAGES = {"q": text, "fields": text, "start": integer(0, 10**9), "count": integer(1, 1000)}
ACTION = schema.enum("ADD", "REMOVE")
ID = schema.record(
    {
        "idType": schema.enum("SHA256_EMAIL", "SHA512_EMAIL", "GOOGLE_AID"),
        "idValue": schema.matching(r"[0-9a-f-]{36}|[0-9a-f]{64}|[0-9a-f]{128}", "a hash or a device"),
    }
)
USER = schema.record(
    {"action": ACTION},
    {
        "userIds": schema.array(ID),
        **dict.fromkeys(("firstName", "lastName", "title", "company", "country"), schema.string),
    },
)
COMPANY = schema.record(
    {"action": ACTION},
    {
        "companyName": schema.string,
        "companyWebsiteDomain": schema.string,
        "organizationUrn": schema.urn_of("organization"),
        "companyPageUrl": schema.string,
    },
)


class Segments(Collection):
    """Audiences of the advertiser's own, found by account, and empty until members are streamed."""

    path, noun, kind, urn_kind, first_id = "dmpSegments", "DMP segment", SEGMENT, "dmpSegment", FIRST_SEGMENT
    methods, modern = ("GET", "CREATE", "PARTIAL_UPDATE", "DELETE"), False
    fields: ClassVar = {
        "account": schema.urn_of("sponsoredAccount"),
        "name": schema.string,
        "type": schema.enum(*TYPES),
        "accessPolicy": schema.enum("PRIVATE"),
        "sourcePlatform": PLATFORM_NAME,
        "destinations": schema.array(schema.record({"destination": schema.enum("LINKEDIN")})),
        "description": schema.string,
        "sourceSegmentId": schema.string,
    }
    required, status = ("account", "sourcePlatform", "destinations", "type"), "name"
    read_only = ("id",)
    defaults: ClassVar = {"accessPolicy": "PRIVATE", "_state": "BUILDING"}

    def named(self) -> Mapping[str, Method]:
        known = {**PAGES, "account": OWNER, "sourcePlatform": text, "sourceSegmentId": text}
        return {"FINDER account": Method(self.of_account, Params(known, ("account",)))}

    def of_account(self, call: Call) -> Answer:
        _check_account(call.store, call.query["account"])
        wanted = {name: value for name, value in call.query.items() if name in self.fields}
        rows = [row for row in call.store.all(SEGMENT) if wanted.items() <= row.items()]
        return Answer(200, offset_page(call, [self.view(call.store, row) for row in rows]))

    def faults(self, call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
        if old:
            changed = (name for name in FIXED if new.get(name) != old.get(name))
            yield from (Fault("FIELD_NOT_EDITABLE", f"/{name}", f"Field {name} is fixed") for name in changed)
            return
        if "account" in new and _check_account(call.store, new["account"])["test"]:
            code = "SEGMENT_CREATION_NOT_ALLOWED_FOR_TEST_ACCOUNTS"
            raise gateway(400, code, "Test accounts have no segments")

    def undeletable(self, call: Call, old: Body) -> Iterator[Fault]:
        del call
        if old.get("_feeds"):
            raise legacy(400, "The segment is used by a predictive audience and cannot be deleted")
        yield from ()

    def make(self, call: Call, body: Any) -> str:
        number = super().make(call, body)
        target = call.store.new_id(AD_SEGMENT, FIRST_AD_SEGMENT)
        segment = {**self.found(call, number), "_target": target, "_input": 0, "_matched": 0}
        call.store.put(SEGMENT, number, segment)
        self.changed(call, segment)
        return number

    def changed(self, call: Call, new: Body) -> None:
        ad_segment(call.store, new["_target"], new, "BULK", new["_matched"], new["_state"])

    def deleted(self, call: Call, old: Body) -> None:
        call.store.delete(AD_SEGMENT, old["_target"])

    def stamped(self, body: Body) -> Body:
        return body

    def view(self, store: Store, body: Body) -> Body:
        del store
        size = rounded(body["_matched"])
        there = {"destination": "LINKEDIN", "status": body["_state"], "audienceSize": size}
        there |= {"destinationSegmentId": urn("adSegment", body["_target"]), "matchedCount": body["_matched"]}
        return {
            **public(body),
            "destinations": [there],
            "inputCount": body["_input"],
            "matchedCount": body["_matched"],
        }


def _check_account(store: Store, account: str) -> Body:
    found = store.get(ACCOUNT, tail(account))
    if found is None:
        raise no_access(account)
    return found


def ad_segment(store: Store, id: str, of: Body, kind: str, members: int, state: str = "BUILDING") -> None:
    """An ad segment, which is what a DMP segment, visitors or a lookalike are to campaigns."""
    shown = {"account": of["account"], "name": of["name"], "type": kind, "status": state}
    size = {"approximateMemberCount": rounded(members), "_members": members}
    store.put(AD_SEGMENT, id, {"id": int(id), **shown, **size})


def _streaming(kind: str, element: schema.Check) -> Callable[[Call], Answer]:
    """What takes members of one kind, with a verdict for each."""

    def run(call: Call) -> Answer:
        segment = Segments().found(call, call.keys["segment"])
        elements = member(call.body, "elements", list)
        if len(elements) > MOST:
            raise legacy(400, f"At most {MOST} elements can be sent at once")
        if segment["type"] != kind or segment["_state"] in CLOSED:
            raise legacy(
                400, f"A segment of type {segment['type']} in state {segment['_state']} takes no {kind}"
            )
        with call.store.transaction():
            verdicts = [_verdict(element, given) for given in elements]
            good = [one for one, verdict in zip(elements, verdicts, strict=True) if verdict["status"] == 201]
            _keep(call.store, segment, good)
            call.store.journal(PLATFORM, f"stream {kind}", call.keys["segment"], {"elements": len(good)})
        return Answer(200, {"elements": verdicts})

    return run


def _verdict(element: schema.Check, given: Any) -> Body:
    if wrong := list(element(given, "")):
        refusal = bad_schema(wrong)
        return {"status": refusal.status, "error": refusal.body}
    if set(given) == {"action"}:
        return {"status": 400, "error": legacy(400, "Nothing to match by").body}
    return {"status": 201}


def _keep(store: Store, segment: Body, elements: list[Body]) -> None:
    """Who is in it now, of whom some are members."""
    key = str(segment["id"])
    inside = dict.fromkeys((store.get(MEMBERS, key) or {"ids": []})["ids"])
    for given in elements:
        who = hashlib.blake2b(repr({**given, "action": ""}).encode(), digest_size=9).hexdigest()
        inside.pop(who, None)
        if given["action"] == "ADD":
            inside[who] = None
    store.put(MEMBERS, key, {"ids": list(inside)})
    matched = segment.get("_before", 0) + sum(noise(who) < MATCHED for who in inside)
    state = "READY" if matched >= FEWEST else "BUILDING"
    count = {"_input": segment.get("_before", 0) + len(inside), "_matched": matched, "_state": state}
    store.put(SEGMENT, key, {**segment, **count})
    ad_segment(store, segment["_target"], segment, "BULK", matched, state)


def of_accounts(call: Call) -> Answer:
    """Every segment that campaigns of the accounts can target."""
    asked: Any = call.query["accounts"]
    accounts = asked if isinstance(asked, list) else [asked]
    for account in accounts:
        _check_account(call.store, account)
    rows = [public(row) for row in call.store.all(AD_SEGMENT) if row["account"] in accounts]
    return Answer(200, offset_page(call, rows))


RESOURCES = (
    Segments().resource(),
    Resource("dmpSegments/{segment}/users", number_key, {"BATCH_CREATE": Method(_streaming("USER", USER))}),
    Resource(
        "dmpSegments/{segment}/companies",
        number_key,
        {"BATCH_CREATE": Method(_streaming("COMPANY", COMPANY))},
    ),
    Resource(
        "adSegments",
        number_key,
        {
            "FINDER accounts": Method(
                of_accounts, Params({**PAGES, "accounts": either(listed(OWNER), OWNER)}, ("accounts",))
            )
        },
    ),
)
US, EU = urn("sponsoredAccount", "512345678"), urn("sponsoredAccount", "523456789")
SEEDS = (
    (US, "Customers 2026", "USER", "READY", 4_180, False),
    (US, "Target accounts (retail)", "COMPANY", "READY", 61_000, True),
    (US, "Webinar list 2024", "USER", "EXPIRED", 900, False),
    (US, "Trade fair contacts", "USER_LIST_UPLOAD", "READY", 1_240, False),
    (EU, "Bestandskunden", "USER", "BUILDING", 120, False),
)
OTHERS = (
    (US, "Site visitors (90 days)", "RETARGETING", 23_000),
    (US, "Like: Customers 2026", "LOOKALIKE", 310_000),
)


def fill(store: Store) -> None:
    """Uploads in every state, and what comes of visitors and of likeness."""
    for account, name, kind, state, matched, feeds in SEEDS:
        target, key = store.new_id(AD_SEGMENT, FIRST_AD_SEGMENT), store.new_id(SEGMENT, FIRST_SEGMENT)
        source = "LIST_UPLOAD" if kind.endswith("UPLOAD") else "API"
        told: Body = {"account": account, "name": name, "type": kind, "accessPolicy": "PRIVATE"}
        told["destinations"] = [{"destination": "LINKEDIN"}]
        counts = {"_matched": matched, "_before": matched, "_input": int(matched / MATCHED), "_state": state}
        segment = {
            "id": int(key),
            **told,
            "sourcePlatform": source,
            "_target": target,
            "_feeds": feeds,
            **counts,
        }
        store.put(SEGMENT, key, segment)
        ad_segment(store, target, told, "BULK", matched, state)
    for account, name, kind, members in OTHERS:
        key = store.new_id(AD_SEGMENT, FIRST_AD_SEGMENT)
        ad_segment(store, key, {"account": account, "name": name}, kind, members, "READY")
