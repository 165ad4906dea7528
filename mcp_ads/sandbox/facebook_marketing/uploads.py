"""Files on their way in: what they are, and uploads in chunks that go on where they stopped."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct

from .calls import Call
from .errors import GraphError, invalid
from .params import Attached, Body
from .writes import require

FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", re.DOTALL)
"""Where a JPEG says how high and how wide it is."""
STARTS = (b"\x1aE\xdf\xa3", b"RIFF", b"\x00\x00\x01\xba")
INNER = (b"ftyp", b"moov", b"mdat", b"wide", b"free")
"""How WebM, AVI and MPEG begin, and what stands after the first four bytes of MP4 and MOV."""
CHUNK = 4 * 2**20
MOST = 10 * 2**30
OUT_OF_PLACE = 1363037


def files(params: Body) -> dict[str, Attached]:
    """The files among the parameters, which are named as their sender likes."""
    found = {name: value for name, value in params.items() if isinstance(value, Attached)}
    for file in found.values():
        if "." not in file.name:
            raise invalid(f"The file {file.name!r} needs an extension, such as .jpg")
    return found


def decoded(name: str, text: str) -> bytes:
    """The bytes of a parameter in base64."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise invalid(f"Param {name} must be base64") from error


def image_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 24:
        return struct.unpack(">II", content[16:24])
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) > 10:
        return struct.unpack("<HH", content[6:10])
    if content.startswith(b"\xff\xd8\xff") and (frame := FRAME.search(content)):
        return int.from_bytes(frame[2]), int.from_bytes(frame[1])
    raise invalid("The image could not be read: it must be a JPEG, PNG or GIF file")


def check_video(content: bytes) -> None:
    """Whether a file begins as a video does."""
    if not content.startswith(STARTS) and content[4:8] not in INNER:
        raise GraphError(352, "(#352) The video file you selected is in a format that we don't support.")


def begun(call: Call, object_id: str, size: int) -> Body:
    """A new upload of so many bytes, for an object of the node's account."""
    upload: Body = {"id": call.state.new_id(), "object_id": object_id, "offset": 0, "size": size}
    upload |= {"account_id": call.node["account_id"], "chunks": []}
    call.state.put("upload", upload)
    return upload


def check_size(size: int) -> None:
    """What one upload may be in all."""
    if not 0 < size <= MOST:
        raise GraphError(352, "(#352) The video file is empty or too large")


def wanted(upload: Body) -> Body:
    """What is to be sent next; from and to are equal when nothing is."""
    start = upload["offset"]
    return {"start_offset": str(start), "end_offset": str(min(start + CHUNK, upload["size"]))}


def named(call: Call, sent: Body) -> Body:
    """The upload that a call goes on with."""
    require(sent, "upload_session_id")
    return call.owned("upload", sent["upload_session_id"])


def taken(call: Call, upload: Body, offset: int, content: bytes) -> Body:
    """The upload after another chunk, which is the one that was wanted."""
    asked = wanted(upload)
    length = int(asked["end_offset"]) - upload["offset"]
    if offset != upload["offset"] or len(content) != length or not length:
        raise _out_of_place(asked)
    if offset == 0:
        check_video(content)
    chunks = [*upload["chunks"], hashlib.sha256(content).hexdigest()]
    after = {**upload, "offset": offset + length, "chunks": chunks}
    call.state.put("upload", after)
    return after


def check_complete(upload: Body) -> None:
    """Nothing is left to be sent."""
    if upload["offset"] != upload["size"]:
        raise _out_of_place(wanted(upload))


def _out_of_place(asked: Body) -> GraphError:
    """A chunk that is not the one that comes next; the error says which one does."""
    return GraphError(
        6001,
        "There was a problem uploading your video file. Please try again.",
        subcode=OUT_OF_PLACE,
        error_data=asked,
    )
