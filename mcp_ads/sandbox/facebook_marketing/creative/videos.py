"""Videos of an ad account: sent whole or in chunks, then worked on until they are ready."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from mcp_ads.sandbox.facebook_marketing import uploads
from mcp_ads.sandbox.facebook_marketing.calls import Call, fields_of
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid
from mcp_ads.sandbox.facebook_marketing.params import Attached, Body, checked
from mcp_ads.sandbox.facebook_marketing.state import now_text
from mcp_ads.sandbox.facebook_marketing.views import view
from mcp_ads.sandbox.facebook_marketing.writes import DONE, forget, note, require

MOST_WHOLE = 2**30
LONGEST_TITLE = 254
LOOKS = 3
"""How often a video is looked at until it is ready."""


def post(call: Call) -> Body:
    """POST a video: a phase of an upload in chunks, or all at once."""
    sent = checked(call.edge, call.params)
    if len(str(sent.get("title", ""))) > LONGEST_TITLE:
        raise invalid(f"Param title must be at most {LONGEST_TITLE} characters")
    phases = {"start": _start, "transfer": _transfer, "finish": _finish, "cancel": _cancel}
    phase = sent.get("upload_phase")
    with call.state.store.transaction():
        return phases[phase](call, sent) if phase else _whole(call, sent)


def _whole(call: Call, sent: Body) -> Body:
    file, url = sent.get("source"), sent.get("file_url")
    if (file is None) == (url is None):
        raise invalid("Give one of source, file_url or upload_phase")
    if url is not None and urlsplit(str(url)).scheme not in ("http", "https"):
        raise GraphError(389, "(#389) Unable to fetch video file from URL.")
    size = 0
    if isinstance(file, Attached):
        uploads.check_video(file.content)
        size = len(file.content)
        if size > MOST_WHOLE:
            raise GraphError(352, "(#352) The video is too large to be sent at once")
    return {"id": _video(call, sent, size, sent=size)["id"]}


def _video(call: Call, about: Body, size: int, *, sent: int) -> Body:
    at = now_text()
    video: Body = {
        "id": call.state.new_id(),
        "account_id": call.node["account_id"],
        "title": about.get("title") or about.get("name") or "",
        "description": about.get("description") or "",
        "created_time": at,
        "updated_time": at,
        "length": 0.0,
        "_size": size,
        "_sent": sent,
        "_looks": 0,
        "_whole": sent == size,
        "_fails": (call.fault or {}).get("kind") == "report-fails",
    }
    call.state.put("video", video)
    note(call, "create video", video["id"])
    return video


def _start(call: Call, sent: Body) -> Body:
    require(sent, "file_size")
    uploads.check_size(sent["file_size"])
    video = _video(call, sent, sent["file_size"], sent=0)
    upload = uploads.begun(call, video["id"], sent["file_size"])
    return {"upload_session_id": upload["id"], "video_id": video["id"], **uploads.wanted(upload)}


def _transfer(call: Call, sent: Body) -> Body:
    require(sent, "start_offset", "video_file_chunk")
    upload = uploads.named(call, sent)
    after = uploads.taken(call, upload, sent["start_offset"], sent["video_file_chunk"].content)
    video = call.owned("video", upload["object_id"])
    call.state.put("video", {**video, "_sent": after["offset"]})
    note(call, "send chunk", video["id"])
    return uploads.wanted(after)


def _finish(call: Call, sent: Body) -> Body:
    upload = uploads.named(call, sent)
    uploads.check_complete(upload)
    video = call.owned("video", upload["object_id"])
    named = {name: sent[name] for name in ("title", "description") if sent.get(name)}
    fails = video["_fails"] or (call.fault or {}).get("kind") == "report-fails"
    call.state.put("video", {**video, **named, "_whole": True, "_fails": fails, "_chunks": upload["chunks"]})
    call.state.drop("upload", upload)
    note(call, "finish video", video["id"])
    return DONE


def _cancel(call: Call, sent: Body) -> Body:
    upload = uploads.named(call, sent)
    call.state.drop("upload", upload)
    call.state.drop("video", {"id": upload["object_id"]})
    note(call, "cancel video", upload["object_id"])
    return DONE


def read(call: Call) -> Body:
    """GET a video; each look at its status moves it on."""
    checked(call.edge, call.params)
    fields, video = fields_of(call.params, "id"), call.node
    if any(field.name == "status" for field in fields) and video["_whole"]:
        video = {**video, "_looks": video["_looks"] + 1}
        call.state.put("video", video)
    return view(call.to(call.edge, "video", {**video, **_seen(video)}, {}), fields)


def _seen(video: Body) -> Body:
    """How far it is, as it is now."""
    ready = video["_looks"] >= LOOKS
    state = "uploading" if not video["_whole"] else "processing" if not ready else "ready"
    state = "error" if state == "ready" and video["_fails"] else state
    done = {"ready": "complete", "error": "error"}.get(state, "not_started")
    status: Body = {
        "video_status": state,
        "processing_progress": 100 if state == "ready" else min(40 * video["_looks"], 90),
        "uploading_phase": {
            "status": "complete" if video["_whole"] else "in_progress",
            "bytes_transferred": video["_sent"],
            "source_file_size": video["_size"],
        },
        "processing_phase": {"status": "in_progress" if state == "processing" else done},
        "publishing_phase": {"status": done},
    }
    if state != "ready":
        return {"status": status}
    return {"status": status, "length": 15.2, "picture": f"https://scontent.sandbox.example/{video['id']}"}


def thumbnails(call: Call) -> Body:
    """GET the pictures a video may be shown by; none until it is ready."""
    checked(call.edge, call.params)
    ready = _seen(call.node)["status"]["video_status"] == "ready"
    rows: list[dict[str, Any]] = [
        {
            "id": f"{call.node['id']}{number}",
            "uri": f"https://scontent.sandbox.example/{call.node['id']}/{number}",
            "width": 1080,
            "height": 1080,
            "scale": 1,
            "is_preferred": number == 1,
        }
        for number in (1, 2, 3)
    ]
    return {"data": rows if ready else []}


def delete(call: Call) -> Body:
    """DELETE a video of the account; its own address refuses that."""
    sent = checked(call.edge, call.params)
    require(sent, "video_id")
    return forget(call, "video", call.owned("video", sent["video_id"]))


def refuse_delete(_: Call) -> Body:
    """DELETE /{video}: not for the videos of ads."""
    text = "(#10) Application does not have permission for this action"
    raise GraphError(10, text, subcode=1363055, status=403)
