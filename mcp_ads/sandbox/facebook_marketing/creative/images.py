"""Images of an ad account: the same bytes are the same image."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import absent, invalid
from mcp_ads.sandbox.facebook_marketing.params import Attached, Body, checked
from mcp_ads.sandbox.facebook_marketing.state import now_text
from mcp_ads.sandbox.facebook_marketing.writes import DONE, note

HOST = "https://scontent.sandbox.example"
FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", re.DOTALL)
"""Where a JPEG says how high and how wide it is."""


def fits(row: Body, params: Body) -> bool:
    """Whether an image is among those asked for."""
    return (
        row["hash"] in (params.get("hashes") or [row["hash"]])
        and params.get("name", row["name"]) == row["name"]
        and row["width"] >= params.get("minwidth", 0)
        and row["height"] >= params.get("minheight", 0)
    )


def upload(call: Call) -> Body:
    """POST images as files or base64, or take one from another account; answers name each by where it was."""
    files = {name: value for name, value in call.params.items() if isinstance(value, Attached)}
    rest = {name: value for name, value in call.params.items() if name not in files}
    sent = checked(call.edge, rest)
    if len([*files, *sent.keys() & {"bytes", "copy_from"}]) == 0:
        raise invalid("The parameter bytes, or a file, is required.")
    images = {file.name: _image(call, _named(file), file.content) for file in files.values()}
    if "bytes" in sent:
        images["bytes"] = _image(call, "", _decoded(str(sent["bytes"])))
    if "copy_from" in sent:
        images["copy_from"] = _copy(call, sent["copy_from"])
    with call.state.store.transaction():
        for image in images.values():
            if call.state.get("image", image["id"]) is None:
                call.state.put("image", image)
                note(call, "create image", image["id"])
    shown = ("hash", "url", "url_128", "width", "height", "name")
    return {"images": {key: {name: image[name] for name in shown} for key, image in images.items()}}


def _named(file: Attached) -> str:
    if "." not in file.name:
        raise invalid(f"The file {file.name!r} needs an extension, such as .jpg")
    return file.name


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise invalid("Param bytes must be base64") from error


def _image(call: Call, name: str, content: bytes) -> Body:
    """The image as it will be kept: its size and its digest, not its bytes."""
    if (size := _size(content)) is None:
        raise invalid("The image could not be read: it must be a JPEG, PNG or GIF file")
    return image(call.node["account_id"], hashlib.md5(content, usedforsecurity=False).hexdigest(), name, size)


def image(account: str, digest: str, name: str, size: tuple[int, int]) -> Body:
    """An image of an account, as Graph has it."""
    at = now_text()
    return {
        "id": f"{account}:{digest}",
        "account_id": account,
        "hash": digest,
        "name": name or digest,
        "width": size[0],
        "height": size[1],
        "original_width": size[0],
        "original_height": size[1],
        "status": "ACTIVE",
        "url": f"{HOST}/{digest}?expires=soon",
        "url_128": f"{HOST}/{digest}/128?expires=soon",
        "url_256": f"{HOST}/{digest}/256?expires=soon",
        "permalink_url": f"https://www.facebook.com/ads/image/?d={digest}",
        "created_time": at,
        "updated_time": at,
    }


def _size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG; None of anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 24:
        return struct.unpack(">II", content[16:24])
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) > 10:
        return struct.unpack("<HH", content[6:10])
    if content.startswith(b"\xff\xd8\xff") and (frame := FRAME.search(content)):
        return int.from_bytes(frame[2]), int.from_bytes(frame[1])
    return None


def _copy(call: Call, source: Body) -> Body:
    found = call.state.get("image", f"{source.get('source_account_id')}:{source.get('hash')}")
    if found is None:
        raise absent("POST", str(source.get("hash")))
    size = found["width"], found["height"]
    return image(call.node["account_id"], found["hash"], found["name"], size)


def delete(call: Call) -> Body:
    """DELETE an image that no creative shows."""
    sent = checked(call.edge, call.params)
    digest = sent.get("hash") or str(sent.get("image_id", "")).rpartition(":")[2]
    if not digest:
        raise invalid("The parameter hash is required.")
    found = call.state.get("image", f"{call.node['account_id']}:{digest}")
    if found is None:
        raise absent("DELETE", digest)
    if any(row.get("image_hash") == digest for row in call.state.all("creative")):
        raise invalid(f"The image {digest} is in use and cannot be deleted")
    with call.state.store.transaction():
        call.state.drop("image", found)
        note(call, "delete image", found["id"])
    return DONE
