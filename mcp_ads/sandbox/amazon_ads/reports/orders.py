"""Reports, version 3: ordered, waited for, fetched elsewhere."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.market import now, table, today
from mcp_ads.sandbox.fault_kinds import takes

from . import brands
from .downloads import LIFE, link
from .rows import report_file

READY_AFTER, LOOKS = 0.4, 2
"""Seconds a report takes, or so many looks."""
HOWEVER_OFTEN = {"_looks": -(10**9)}
"""Of a report that takes its time, as the sandbox's `report_delay` or a fault has it."""
NEEDED = ("adProduct", "columns", "format", "groupBy", "reportTypeId", "timeUnit")
KNOWN = {*NEEDED, "filters"}
TOGETHER = ({"campaign", "adGroup"}, {"campaign", "campaignPlacement"})
MEDIA = "application/vnd.{}asyncreport{}.v3+json"


def create_report(call: Call) -> Response:
    """Order a report; one like it that is still being built is a 425 that names it."""
    body = _checked(call)
    for other in call.store.owned("amazon.report", "_profile", call.profile_id):
        if _same(other, body) and _status(call, other) in {"PENDING", "PROCESSING"}:
            raise Refused(425, f"The Request is a duplicate of : {other['reportId']}")
    fault = getattr(call.request.state, "fault", None) or {}
    report = _ordered(call, body) | {"_fails": fault.get("kind") == "report-fails"}
    if seconds := takes(fault, call.store.clock.report_delay):
        report |= {"_takes": seconds, **HOWEVER_OFTEN}
    call.store.put("amazon.report", report["reportId"], report)
    call.store.journal("amazon_ads", "create report", report["reportId"], body)
    return reply(_shown(call, report, _status(call, report)), media=MEDIA.format("create", "response"))


def get_report(call: Call) -> Response:
    """How far a report is; every look brings it on, but a slow one."""
    report = _found(call)
    report = {**report, "_looks": report["_looks"] + 1}
    status = _status(call, report)
    if status == "COMPLETED" and report["fileSize"] is None:
        at = now()
        report |= {"fileSize": len(report_file(call.store, report)), "generatedAt": at, "updatedAt": at}
    call.store.put("amazon.report", report["reportId"], report)
    return reply(_shown(call, report, status), media=MEDIA.format("get", "response"))


def delete_report(call: Call) -> Response:
    """Cancel a report that nobody has begun to build."""
    report = _found(call)
    if (status := _status(call, report)) != "PENDING":
        raise Refused(400, f"Report {report['reportId']} cannot be deleted: it is {status}")
    call.store.delete("amazon.report", report["reportId"])
    call.store.journal("amazon_ads", "delete report", report["reportId"], {})
    told = {"code": "200", "reportId": report["reportId"], "detail": "The report was cancelled."}
    return reply(told, media=MEDIA.format("delete", "response"))


def _ordered(call: Call, body: Body) -> Body:
    at = now()
    return {
        **{name: body.get(name) for name in ("name", "startDate", "endDate", "configuration")},
        "reportId": str(uuid.uuid4()),
        "createdAt": at,
        "updatedAt": at,
        "generatedAt": None,
        "fileSize": None,
        "_profile": call.profile_id,
        "_at": call.store.clock.now(),
        "_takes": READY_AFTER,
        "_looks": 0,
    }


def _found(call: Call) -> Body:
    report = call.store.get("amazon.report", call.params["reportId"])
    if report is None or report["_profile"] != call.profile_id:
        raise Refused(404, f"Report {call.params['reportId']} not found")
    return report


def _status(call: Call, report: Body) -> str:
    age = call.store.clock.now() - report["_at"]
    if age >= report["_takes"] or report["_looks"] >= LOOKS:
        return "FAILED" if report["_fails"] else "COMPLETED"
    return "PROCESSING" if age >= report["_takes"] / 2 or report["_looks"] > 0 else "PENDING"


def _same(report: Body, body: Body) -> bool:
    return all(report[name] == body[name] for name in ("startDate", "endDate", "configuration"))


def _shown(call: Call, report: Body, status: str) -> Body:
    answer = {key: value for key, value in report.items() if not key.startswith("_")}
    answer |= {"status": status, "url": None, "urlExpiresAt": None, "failureReason": None}
    if status == "COMPLETED":
        expires = datetime.fromtimestamp(call.store.clock.now() + LIFE, UTC)
        answer["url"] = link(call.store, call.downloads_url, report["reportId"])
        answer["urlExpiresAt"] = expires.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif status == "FAILED":
        answer["failureReason"] = "Report generation failed due to an internal error."
    return answer


def _checked(call: Call) -> Body:
    body = call.body
    if not isinstance(body, dict):
        raise Refused(400, "The body must be an object")
    if unknown := set(body) - {"name", "startDate", "endDate", "configuration"}:
        raise Refused(400, f"Unrecognized field: {min(unknown)}")
    asked = body.get("configuration")
    if not isinstance(asked, dict):
        raise Refused(400, "configuration is required")
    if missing := [name for name in NEEDED if not asked.get(name)]:
        raise Refused(400, f"configuration.{missing[0]} is required")
    if unknown := set(asked) - KNOWN:
        raise Refused(400, f"Unrecognized field: configuration.{min(unknown)}")
    kind = table("reports/types").get(str(asked["reportTypeId"]))
    if kind is None or not brands.is_known_to(call.store, call.profile_id, kind["adProduct"]):
        raise Refused(400, "configuration reportTypeId is unknown or invalid")
    _check_configuration(asked, kind)
    _check_dates(call, body, kind)
    return body


def _check_configuration(asked: Body, kind: Body) -> None:
    name = asked["reportTypeId"]
    if asked["adProduct"] != kind["adProduct"]:
        raise Refused(400, f"configuration.adProduct must be {kind['adProduct']} for {name}")
    for field in ("timeUnit", "format"):
        if asked[field] not in kind[field]:
            raise Refused(400, f"configuration.{field} must be one of {', '.join(kind[field])} for {name}")
    for field in ("groupBy", "columns"):
        if not isinstance(asked[field], list) or not all(isinstance(name, str) for name in asked[field]):
            raise Refused(400, f"configuration.{field} must be an array of strings")
    if bad := [group for group in asked["groupBy"] if group not in kind["groupBy"]]:
        raise Refused(400, f"configuration.groupBy: {bad[0]} is not one of {', '.join(kind['groupBy'])}")
    if name == "spCampaigns" and len(asked["groupBy"]) > 1 and set(asked["groupBy"]) not in TOGETHER:
        raise Refused(400, f"configuration groupBy includes invalid combination: {asked['groupBy']}")
    _check_columns(asked, kind)
    _check_filters(asked, kind)


def _check_columns(asked: Body, kind: Body) -> None:
    known = set(kind["baseColumns"].split())
    for group in asked["groupBy"]:
        known |= set(kind["groupColumns"].get(group, "").split())
    if asked["reportTypeId"] == "spCampaigns" and asked["groupBy"] != ["campaign"]:
        known -= {"topOfSearchImpressionShare"}
    if bad := [column for column in asked["columns"] if column not in known]:
        text = f"configuration columns includes invalid values: ({', '.join(bad)})"
        raise Refused(400, f"{text}. Allowed values: ({', '.join(sorted(known))})")
    if asked["timeUnit"] == "DAILY" and {"startDate", "endDate"} & set(asked["columns"]):
        text = "startDate and endDate are not supported columns for DAILY time unit"
        raise Refused(400, f"configuration {text}")
    if asked["timeUnit"] == "SUMMARY" and "date" in asked["columns"]:
        raise Refused(400, "configuration date is not a supported column for SUMMARY time unit")


def _check_filters(asked: Body, kind: Body) -> None:
    filters = asked.get("filters") or []
    if not isinstance(filters, list):
        raise Refused(400, "configuration.filters must be an array")
    for filter_ in filters:
        if not isinstance(filter_, dict) or not isinstance(filter_.get("values"), list) or len(filter_) != 2:
            raise Refused(400, "configuration.filters: each has a field and an array of values")
        for group in asked["groupBy"]:
            allowed = kind["filters"].get(group, {}).get(str(filter_.get("field")))
            if allowed is None:
                said = f"({filter_.get('field')}) which are invalid for groupBys: {group}"
                there = "; ".join(_filters(kind, group))
                raise Refused(
                    400,
                    f"configuration filters includes fields: {said}. "
                    f"Allowed filters for groupBy {group}: ({there})",
                )
            if bad := [value for value in filter_["values"] if value not in allowed]:
                raise Refused(400, f"configuration.filters: {bad[0]} is not a value of {filter_['field']}")


def _filters(kind: Body, group: str) -> list[str]:
    allowed = kind["filters"].get(group, {})
    return [f"field: {name}, values: {', '.join(values)}" for name, values in allowed.items()]


def _check_dates(call: Call, body: Body, kind: Body) -> None:
    start, end = _date(body, "startDate"), _date(body, "endDate")
    now_ = today(call.profile)
    if end < start:
        raise Refused(400, "startDate must not be after endDate")
    if end > now_:
        raise Refused(400, "endDate must not be in the future")
    if (end - start).days >= kind["maxRangeDays"]:
        span = (end - start).days
        most = f"must not exceed maximum range ({kind['maxRangeDays']} days)"
        raise Refused(400, f"startDate to endDate range ({span} days) {most}")
    first = now_ - timedelta(days=kind["retentionDays"])
    if start < first:
        kept = f"must be equal to or after report type data retention start date ({first})"
        raise Refused(400, f"startDate ({start}) {kept}")


def _date(body: Body, name: str) -> date:
    value: Any = body.get(name)
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    raise Refused(400, f"{name} is required and must be YYYY-MM-DD")


OPERATIONS = (
    Operation(
        *("POST", "/reporting/reports", create_report),
        takes=MEDIA.format("create", "request"),
        gives=MEDIA.format("create", "response"),
        any_accept=True,
        plain=True,
    ),
    Operation(
        *("GET", "/reporting/reports/{reportId}", get_report),
        gives=MEDIA.format("get", "response"),
        any_accept=True,
    ),
    Operation(
        *("DELETE", "/reporting/reports/{reportId}", delete_report),
        gives=MEDIA.format("delete", "response"),
        any_accept=True,
    ),
)
