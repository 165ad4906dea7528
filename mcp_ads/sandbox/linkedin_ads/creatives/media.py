"""Media of a Page: announced, sent to addresses of their own, and ready some reads later."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response

from mcp_ads.sandbox.linkedin_ads import schema, uploads
from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import bad_schema, gateway, legacy, stamped
from mcp_ads.sandbox.linkedin_ads.resource import Method
from mcp_ads.sandbox.linkedin_ads.schema import Check
from mcp_ads.sandbox.linkedin_ads.state import (
    ACCOUNT,
    MEMBER,
    PLATFORM,
    Answer,
    Body,
    Call,
    now_ms,
    public,
    urn,
)
from mcp_ads.sandbox.store import Store

KIND = "linkedin.{}"
LIBRARY = {
    "mediaLibraryMetadata": schema.record(
        {"associatedAccount": schema.urn_of("sponsoredAccount")}, {"assetName": schema.string}
    )
}


class Media(Collection):
    """Images, videos or documents; their ids are no numbers.

    `asked` is what an announcement says and `also` what it may, `begins` how good files begin, `first` how
    ids do.
    """

    by_urn, methods, first_id = True, ("GET", "BATCH_GET"), 100_000
    asked: ClassVar[Mapping[str, Check]] = {"owner": schema.urn_of("organization", "person")}
    also: ClassVar[Mapping[str, Check]] = {}
    begins: ClassVar[tuple[bytes, ...]]
    first: ClassVar[str]

    def named(self) -> Mapping[str, Method]:
        return {"ACTION initializeUpload": Method(self.announce)}

    def new_key(self, store: Store) -> str:
        return f"{self.first}{super().new_key(store)}"

    def announce(self, call: Call) -> Answer:
        """Where the bytes are to go, and what it will be called."""
        asked = request_of(call, "initializeUploadRequest", schema.record(self.asked, self.also))
        check_page(call.store, asked["owner"], self.noun)
        with call.store.transaction():
            key = self.new_key(call.store)
            own = {"id": urn(self.urn_kind, key), "owner": asked["owner"], "status": "WAITING_UPLOAD"}
            value, more = self.addresses(call, key, asked)
            call.store.put(self.kind, key, {**own, "_read": False, **more})
            call.store.journal(PLATFORM, f"create {self.noun}", key, call.body)
        return Answer(200, {"value": {**value, self.noun: own["id"]}})

    def addresses(self, call: Call, key: str, asked: Body) -> tuple[Body, Body]:
        """What the announcement is answered, and what is kept of it."""
        del asked
        (address,), own = uploads.addressed(call, key, self.noun)
        return {"uploadUrlExpiresAt": own["_expires"], "uploadUrl": address}, own

    def view(self, store: Store, body: Body) -> Body:
        """The first read after the bytes have come finds them in work, later ones ready or failed."""
        if body["status"] != "PROCESSING":
            return public(body)
        if body["_read"]:
            body = {**body, "status": "AVAILABLE" if body["_good"] else "PROCESSING_FAILED"}
            if body["_good"]:
                where = f"https://media.licdn.com/dms/{self.noun}/{body['id']}?e=1&t={secrets.token_hex(8)}"
                body |= {"downloadUrl": where, "downloadUrlExpiresAt": now_ms() + uploads.LIFE_MS}
        store.put(self.kind, body["id"].rpartition(":")[2], {**body, "_read": True})
        return public(body)

    def received(self, body: Body, number: int, content: bytes) -> tuple[Body, Response]:
        """What it is with these bytes, and what sending them is answered; raises ApiError."""
        del number
        good = content.startswith(self.begins)
        return {**body, "status": "PROCESSING", "_good": good}, Response(status_code=201)


async def receive(store: Store, request: Request, kinds: Mapping[str, Media]) -> Response:
    """PUT of bytes; the reads that follow find them in work."""
    what = kinds.get(request.path_params["what"])
    if what is None:
        raise legacy(404, "No such upload")
    key, found, content = await uploads.received(store, what.kind, request)
    after, answer = what.received(found, request.path_params["number"], content)
    uploads.keep(store, what.kind, key, after, content)
    return stamped(answer)


def request_of(call: Call, name: str, check: Check) -> Body:
    """What an action is asked, which stands under its name in the body."""
    if faults := list(schema.record({name: check})(call.body, "")):
        raise bad_schema(faults)
    asked: Body = call.body[name]
    return asked


def check_page(store: Store, owner: str, what: str) -> None:
    """Only for the Pages of the advertiser's accounts, or as the member itself."""
    if owner not in {MEMBER, *(account["reference"] for account in store.all(ACCOUNT))}:
        raise gateway(403, "ACCESS_DENIED", f"Accessing this {what} resource is forbidden", 100)


def find(store: Store, id: Any) -> Body | None:
    """Uploaded media as posts find them: not at the first look after the upload."""
    start, _, key = str(id).rpartition(":")
    kind = KIND.format(start.rpartition(":")[2])
    found = store.get(kind, key)
    if found is None or found["status"] == "WAITING_UPLOAD":
        return None
    if not found.get("_spread"):
        store.put(kind, key, {**found, "_spread": True})
        return None
    return found
