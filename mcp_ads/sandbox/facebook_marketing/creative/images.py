"""Images of an ad account: the same bytes are the same image."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from mcp_ads.sandbox.facebook_marketing import uploads
from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import absent, invalid
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.state import now_text
from mcp_ads.sandbox.facebook_marketing.views import read
from mcp_ads.sandbox.facebook_marketing.writes import forget, note

from .computed import shown_by


def upload(call: Call) -> Body:
    """POST images as files or base64, or take one from another account; answers name each by where it was."""
    files = uploads.files(call.params)
    sent = checked(call.edge, {name: value for name, value in call.params.items() if name not in files})
    account = call.node["account_id"]
    images = {file.name: image(account, file.content, file.name) for file in files.values()}
    if "bytes" in sent:
        images["bytes"] = image(account, uploads.decoded("bytes", str(sent["bytes"])))
    if "copy_from" in sent:
        images["copy_from"] = _copy(call, sent["copy_from"])
    if not images:
        raise invalid("The parameter bytes, or a file, is required.")
    with call.state.store.transaction():
        for made in images.values():
            if call.state.get("image", made["id"]) is None:
                call.state.put("image", made)
                note(call, "create image", made["id"])
    return {"images": {key: _shown(call, made) for key, made in images.items()}}


def _shown(call: Call, made: Body) -> Body:
    names = ("hash", "url", "url_128", "width", "height", "name")
    return {name: read(call.state, "image", made, name) for name in names}


def image(account: str, content: bytes, name: str = "") -> Body:
    """The image as it will be kept: its size and its digest, not its bytes."""
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return known(account, digest, name or digest, uploads.image_size(content))


def known(account: str, digest: str, name: str, size: Sequence[int]) -> Body:
    """An image of an account."""
    at = now_text()
    return {
        "id": f"{account}:{digest}",
        "account_id": account,
        "hash": digest,
        "name": name,
        "width": size[0],
        "height": size[1],
        "original_width": size[0],
        "original_height": size[1],
        "status": "ACTIVE",
        "created_time": at,
        "updated_time": at,
    }


def _copy(call: Call, source: Body) -> Body:
    found = call.state.get("image", f"{source.get('source_account_id')}:{source.get('hash')}")
    if found is None:
        raise absent("POST", str(source.get("hash")))
    size = found["width"], found["height"]
    return known(call.node["account_id"], found["hash"], found["name"], size)


def delete(call: Call) -> Body:
    """DELETE an image that no creative shows."""
    sent = checked(call.edge, call.params)
    digest = sent.get("hash") or str(sent.get("image_id", "")).rpartition(":")[2]
    if not digest:
        raise invalid("The parameter hash is required.")
    found = call.state.get("image", f"{call.node['account_id']}:{digest}")
    if found is None:
        raise absent("DELETE", digest)
    if shown_by(call.state, found):
        raise invalid(f"The image {digest} is in use and cannot be deleted")
    return forget(call, "image", found)
