"""The host of finished report files: presigned links that want no other credentials."""

from __future__ import annotations

import hashlib
import time
from calendar import timegm
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_ads.sandbox.amazon_ads.errors import with_request_id
from mcp_ads.sandbox.store import Store

from .export_file import export_file
from .rows import report_file

LIFE = 3600
STAMP = "%Y%m%dT%H%M%SZ"
ONE_AUTH = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
    "parameter or the Authorization header should be specified"
)


def link(store: Store, downloads_url: str, report_id: str, life: int = LIFE) -> str:
    """A presigned address of a report's file."""
    at = time.strftime(STAMP, time.gmtime(store.clock.now()))
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Date": at,
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Expires": str(life),
        "X-Amz-Credential": f"SANDBOX/{at[:8]}/us-east-1/s3/aws4_request",
        "X-Amz-Signature": _signature(report_id, at, str(life)),
    }
    return f"{downloads_url}/{report_id}/report.json.gz?{urlencode(query)}"


def downloads_app(store: Store) -> ASGIApp:
    """Answers presigned links with gzipped JSON; refuses everything else in S3's XML."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        response = with_request_id(_answer(store, Request(scope, receive)))
        await response(scope, receive, send)

    return serve


def _answer(store: Store, request: Request) -> Response:
    report_id, _, name = request.url.path.strip("/").partition("/")
    foreign = [
        header for header in request.headers if header.startswith(("amazon-advertising-", "amazon-ads-"))
    ]
    if foreign or "authorization" in request.headers:
        return _xml(400, "InvalidArgument", ONE_AUTH)
    if request.method not in {"GET", "HEAD"}:
        return _xml(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
    query = request.query_params
    at, life = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
    if query.get("X-Amz-Signature") != _signature(report_id, at, life):
        return _xml(403, "SignatureDoesNotMatch", "The signature does not match the request.")
    if timegm(time.strptime(at, STAMP)) + int(life) <= store.clock.now():
        return _xml(403, "AccessDenied", "Request has expired")
    report, export = store.get("amazon.report", report_id), store.get("amazon.export", report_id)
    if not (report or export) or name != "report.json.gz":
        return _xml(404, "NoSuchKey", "The specified key does not exist.")
    content = report_file(store, report) if report else export_file(store, export or {})
    return Response(content, media_type="application/octet-stream")


def download_fault(spec: Mapping[str, Any]) -> Response:
    """What goes wrong on demand, in S3's words: it knows neither tokens nor throttles of the platform."""
    kind = spec["kind"]
    if kind in {"expired-token", "revoked-token", "page-expired"}:
        return _xml(403, "AccessDenied", "Request has expired")
    if kind in {"429", "throttle", "503"}:
        return _xml(503, "SlowDown", "Please reduce your request rate.")
    return _xml(500, "InternalError", "We encountered an internal error. Please try again.")


def _signature(report_id: str, at: str, life: str) -> str:
    return hashlib.sha256(f"sandbox|{report_id}|{at}|{life}".encode()).hexdigest()


def _xml(status: int, code: str, message: str) -> Response:
    text = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return Response(head + text, status, media_type="application/xml")
