"""Batches: up to fifty requests in one, which may refer to each other's answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mcp_ads.sandbox.faults import refused_places

from .errors import GraphError, invalid, throttled
from .params import Body, as_list

One = Callable[[str, str, Body], tuple[int, Any]]
MOST = 50
KEYS = {"method", "relative_url", "body", "name", "headers", "omit_response_on_success", "attached_files"}
METHODS = ("GET", "POST", "DELETE")
REFERENCE = re.compile(r"\{result=([\w-]+):\$\.?([^}]*)\}")


def run(params: Body, one: One, fault: Body | None = None) -> list[Body | None]:
    """The answers in order; null for one that took too long, done or not, and for a named one that only
    feeds another.
    """
    items = as_list("batch", params["batch"])
    if len(items) > MOST:
        raise GraphError(100, f"(#100) Too many requests in batch message. Maximum batch size is {MOST}")
    if not items:
        raise invalid("Param batch must name at least one request")
    for item in items:
        _check(item)
    lost, denied = _lost(fault, len(items)), refused_places(fault, len(items))
    with_headers = str(params.get("include_headers", "true")).lower() != "false"
    named: dict[str, Any] = {}
    used = set(re.findall(r"\{result=([\w-]+):", json.dumps(items)))
    answers: list[Body | None] = []
    for number, item in enumerate(items):
        if number in lost and (fault or {}).get("when") != "after":
            answers.append(None)
            continue
        status, body = _denied(fault) if number in denied else _one(item, one, named)
        name = item.get("name")
        if name and status == 200:
            named[name] = body
        silent = name in used and item.get("omit_response_on_success", True) and status == 200
        answers.append(None if silent or number in lost else _answer(status, body, with_headers=with_headers))
    return answers


def _lost(fault: Body | None, total: int) -> set[int]:
    """The places whose answers do not come in time."""
    if fault is None or fault["kind"] != "batch-null":
        return set()
    named = str(fault.get("items") or "")
    return {int(number) for number in named.split(",")} if named else set(range(total))


def _denied(fault: Body | None) -> tuple[int, Any]:
    """What a request says that was not carried out, while its neighbours were."""
    code = int((fault or {}).get("code", 100))
    error = throttled(code) if code != 100 else invalid("(#100) The sandbox refuses this one on request")
    return error.status, error.body()


def _check(item: Any) -> None:
    if not isinstance(item, dict) or "method" not in item or "relative_url" not in item:
        raise invalid("Each request of a batch needs method and relative_url")
    if unknown := set(item) - KEYS:
        raise invalid(f"A request of a batch has no {', '.join(sorted(unknown))}")
    if item.get("attached_files"):
        raise invalid("attached_files: this sandbox takes no files in a batch")
    if str(item["method"]).upper() not in METHODS:
        raise invalid(f"A request of a batch has one of the methods {', '.join(METHODS)}")
    if not isinstance(item.get("body", ""), str):
        raise invalid("The body of a request in a batch must be a string")


def _one(item: Body, one: One, named: dict[str, Any]) -> tuple[int, Any]:
    try:
        target = urlsplit("/" + str(item["relative_url"]).lstrip("/"))
        pairs = [pair for text in (target.query, str(item.get("body") or "")) for pair in _pairs(text)]
        sent: Body = {name: _filled(value, named) for name, value in pairs}
        path = _filled(unquote(target.path), named)
    except GraphError as error:
        return error.status, error.body()
    return one(str(item["method"]).upper(), path, sent)


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True)


def _answer(status: int, body: Any, *, with_headers: bool) -> Body:
    headers = [{"name": "Content-Type", "value": "application/json; charset=UTF-8"}]
    shown = {"headers": headers} if with_headers else {}
    return {"code": status, **shown, "body": json.dumps(body)}


def _filled(text: str, named: dict[str, Any]) -> str:
    return REFERENCE.sub(lambda match: _pick(named, match[1], match[2]), text)


def _pick(named: dict[str, Any], name: str, path: str) -> str:
    if name not in named:
        raise invalid(f"Batch: nothing to refer to, the request named {name} failed or does not exist")
    values = [named[name]]
    for step in re.findall(r"[\w-]+|\*", path):
        values = [inner for value in values for inner in _step(value, step)]
    return ",".join(str(value) for value in values)


def _step(value: Any, step: str) -> list[Any]:
    if step == "*":
        return list(value.values()) if isinstance(value, dict) else list(value)
    if isinstance(value, list):
        return value[int(step) : int(step) + 1] if step.isdigit() else []
    return [value[step]] if isinstance(value, dict) and step in value else []
