"""Images: announced at /images, sent to an address of their own, and ready some reads later."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response

from mcp_ads.sandbox.linkedin_ads import schema, uploads
from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import bad_schema, gateway, stamped
from mcp_ads.sandbox.linkedin_ads.params import PAGED, Params, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method
from mcp_ads.sandbox.linkedin_ads.state import (
    ACCOUNT,
    IMAGE,
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

BEGINS_WITH = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
ANNOUNCED = schema.record({
    "initializeUploadRequest": schema.record(
        {"owner": schema.urn_of("organization", "person")},
        {
            "mediaLibraryMetadata": schema.record(
                {"associatedAccount": schema.urn_of("sponsoredAccount")}, {"assetName": schema.string}
            )
        },
    )
})  # fmt: skip


class Images(Collection):
    """Images of a Page; their ids are no numbers."""

    path, noun, kind, urn_kind, first_id = "images", "image", IMAGE, "image", 100_000
    by_urn, methods = True, ("GET", "BATCH_GET")
    first: ClassVar[str] = "C4E10AQFsandbox"

    def named(self) -> Mapping[str, Method]:
        library = Params({**PAGED, "associatedAccount": urn_of("sponsoredAccount")}, ("associatedAccount",))
        return {
            "ACTION initializeUpload": Method(self.announce),
            "FINDER associatedAccount": Method(self.library, library),
        }

    def new_key(self, store: Store) -> str:
        return f"{self.first}{super().new_key(store)}"

    def announce(self, call: Call) -> Answer:
        """Where the bytes are to go, and what the image will be called."""
        if faults := list(ANNOUNCED(call.body, "")):
            raise bad_schema(faults)
        asked = call.body["initializeUploadRequest"]
        check_page(call.store, asked["owner"], "image")
        with call.store.transaction():
            key = self.new_key(call.store)
            address, own = uploads.addressed(call, key, "uploaded-image")
            image = {"id": urn("image", key), "owner": asked["owner"], "status": "WAITING_UPLOAD", **own}
            call.store.put(IMAGE, key, image)
            call.store.journal(PLATFORM, "create image", key, call.body)
        value = {"uploadUrlExpiresAt": own["_expires"], "uploadUrl": address, "image": image["id"]}
        return Answer(200, {"value": value})

    def library(self, call: Call) -> Answer:
        """Closed to all but a few applications."""
        text = "Not enough permissions to access: partnerApiImages.FINDER-associatedAccount"
        raise gateway(403, "ACCESS_DENIED", f"{text} for {call.query['associatedAccount']}", 100)

    def view(self, store: Store, body: Body) -> Body:
        """The first read after the bytes have come finds them in work, later ones the image or a failure."""
        if body["status"] != "PROCESSING":
            return public(body)
        if body["_read"]:
            body = {**body, "status": "AVAILABLE" if body["_image"] else "PROCESSING_FAILED"}
            if body["_image"]:
                where = f"https://media.licdn.com/dms/image/{body['id']}?e=1&t={secrets.token_hex(8)}"
                body |= {"downloadUrl": where, "downloadUrlExpiresAt": now_ms() + uploads.LIFE_MS}
        store.put(IMAGE, body["id"].rpartition(":")[2], {**body, "_read": True})
        return public(body)


async def receive(store: Store, request: Request) -> Response:
    """PUT of an image's bytes; the reads that follow find it in work."""
    key, image, content = await uploads.received(store, IMAGE, request)
    sent = {"status": "PROCESSING", "_read": False, "_image": content.startswith(BEGINS_WITH)}
    uploads.keep(store, IMAGE, key, {**image, **sent}, content)
    return stamped(Response(status_code=201))


def check_page(store: Store, owner: str, what: str) -> None:
    """Only for the Pages of the advertiser's accounts, or as the member itself."""
    if owner not in {MEMBER, *(account["reference"] for account in store.all(ACCOUNT))}:
        raise gateway(403, "ACCESS_DENIED", f"Accessing this {what} resource is forbidden", 100)


def find(store: Store, id: Any) -> Body | None:
    """An uploaded image as creatives find it: not at the first look after its upload."""
    key = str(id).rpartition(":")[2]
    image = store.get(IMAGE, key)
    if image is None or image["status"] == "WAITING_UPLOAD":
        return None
    if not image.get("_spread"):
        store.put(IMAGE, key, {**image, "_spread": True})
        return None
    return image
