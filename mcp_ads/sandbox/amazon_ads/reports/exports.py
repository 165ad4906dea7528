"""Exports: everything of a profile as a file; at most five of a kind are being built at once."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.fault_kinds import takes

from .downloads import LIFE, link
from .export_file import export_file

KINDS = {"campaigns": "C", "adGroups": "A", "targets": "T", "ads": "R"}
MOST = 5
READY_AFTER = 1.0  # seconds, or the second look
BOTH: dict[str, tuple[Any, ...]] = {
    "adProductFilter": ("SPONSORED_BRANDS", "SPONSORED_DISPLAY", "SPONSORED_PRODUCTS"),
    "stateFilter": ("ARCHIVED", "ENABLED", "PAUSED"),
}
OF_TARGETS: dict[str, tuple[Any, ...]] = {
    "negativeFilter": (True, False),
    "targetLevelFilter": ("AD_GROUP", "CAMPAIGN"),
    "targetTypeFilter": (
        *("AUDIENCE", "AUTO", "KEYWORD", "PRODUCT", "PRODUCT_AUDIENCE", "PRODUCT_CATEGORY"),
        *("PRODUCT_CATEGORY_AUDIENCE", "THEME"),
    ),
}


def media(kind: str) -> str:
    return f"application/vnd.{kind.lower()}export.v1+json"


def order_export(kind: str, call: Call) -> Response:
    """Order an export; the sixth unfinished one of a kind is refused."""
    _check(kind, call.body)
    unfinished = [
        export
        for export in call.store.all("amazon.export")
        if export["_kind"] == kind and _status(call, export) in {"IN_PROGRESS", "PROCESSING"}
    ]
    if len(unfinished) >= MOST:
        raise Refused(429, f"Too many requests: {MOST} {kind} exports are in progress")
    plain, fault = f"{uuid.uuid4()},{KINDS[kind]}", getattr(call.request.state, "fault", None) or {}
    export: Body = {
        "exportId": base64.b64encode(plain.encode()).decode(),
        "createdAt": _moment(call.store.clock.now()),
        "_kind": kind,
        "_body": call.body,
        "_profile": call.profile_id,
        "_at": call.store.clock.now(),
        "_polls": 0,
        "_fails": fault.get("kind") == "report-fails",
        "_takes": takes(fault, 0.0),
    }
    call.store.put("amazon.export", export["exportId"], export)
    call.store.journal("amazon_ads", "order export", export["exportId"], call.body)
    return reply({"exportId": export["exportId"], "status": _status(call, export)}, 202, media(kind))


def get_export(call: Call) -> Response:
    """How far an export is; only whoever asks for its kind is answered."""
    export = call.store.get("amazon.export", call.params["exportId"])
    if export is None or export["_profile"] != call.profile_id:
        raise Refused(404, f"Export {call.params['exportId']} not found")
    wanted = media(export["_kind"])
    if wanted not in call.request.headers.get("accept", ""):
        raise Refused(406, f"Accept must be {wanted}, the one the export was created with")
    export = {**export, "_polls": export["_polls"] + 1}
    if _status(call, export) == "COMPLETED" and "generatedAt" not in export:
        export |= {
            "generatedAt": _moment(call.store.clock.now()),
            "fileSize": len(export_file(call.store, export)),
        }
    call.store.put("amazon.export", export["exportId"], export)
    return reply(_shown(call, export), media=wanted)


def _status(call: Call, export: Body) -> str:
    age, seconds = call.store.clock.now() - export["_at"], export.get("_takes")
    if age >= seconds if seconds else export["_polls"] >= 2 or age >= READY_AFTER:
        return "FAILED" if export["_fails"] else "COMPLETED"
    return "PROCESSING" if export["_polls"] else "IN_PROGRESS"


def _shown(call: Call, export: Body) -> Body:
    answer = {key: value for key, value in export.items() if not key.startswith("_")}
    answer["status"] = _status(call, export)
    if answer["status"] == "COMPLETED":
        answer["url"] = link(call.store, call.downloads_url, export["exportId"])
        answer["urlExpiresAt"] = _moment(call.store.clock.now() + LIFE)
    elif answer["status"] == "FAILED":
        answer["error"] = {"errorCode": "INTERNAL_ERROR", "message": "The export has failed."}
    return answer


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _check(kind: str, body: Any) -> None:
    known = {**BOTH, **(OF_TARGETS if kind == "targets" else {})}
    if not isinstance(body, dict):
        raise Refused(400, "The body must be an object")
    for name, values in body.items():
        if name not in known:
            raise Refused(400, f"Unrecognized field: {name}")
        if not isinstance(values, list) or not 1 <= len(values) <= len(known[name]):
            raise Refused(400, f"{name} must be an array of 1 to {len(known[name])} values")
        if bad := [value for value in values if value not in known[name]]:
            raise Refused(400, f"{name}: {bad[0]} is not one of {', '.join(map(str, known[name]))}")


OPERATIONS = (
    *(
        Operation(
            *("POST", f"/{kind}/export", partial(order_export, kind)), takes=media(kind), gives=media(kind)
        )
        for kind in KINDS
    ),
    Operation("GET", "/exports/{exportId}", get_export),
)
