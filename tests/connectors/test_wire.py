"""Every wire case: a call as an agent writes it becomes the request the vendor documents."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from wire_cases import CASES, FAMILIES, sent

from mcp_ads.connectors import connector
from mcp_ads.core import Wire
from mcp_ads.core.bodies import Streamed

NAMES = sorted({name for name, _ in CASES})
NO_REQUEST = {("amazon_ads", "reports", "types")}
"""Actions that answer from their own tables."""


def _url(text: str) -> tuple[str, list[str]]:
    """Path and query as they are spelled; the order of parameters means nothing."""
    path, _, query = text.partition("?")
    return path, sorted(query.split("&"))


def _body(wire: Wire) -> Any:
    if wire.content is None:
        return None
    if isinstance(wire.content, Streamed):
        return wire.content.text
    if "x-www-form-urlencoded" in _header(wire, "Content-Type"):
        pairs = parse_qsl(wire.content.decode(), keep_blank_values=True, strict_parsing=True)
        assert len(dict(pairs)) == len(pairs)
        return {key: _nested(value) for key, value in pairs}
    return json.loads(wire.content)


def _nested(value: str) -> Any:
    """Objects and lists stand in a form as JSON text."""
    if value[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _header(wire: Wire, name: str) -> str:
    return next((value for key, value in wire.headers.items() if key.lower() == name.lower()), "")


@pytest.mark.parametrize(
    ("name", "case"), CASES, ids=[f"{n}-{c['entity']}.{c['action']}-{i}" for i, (n, c) in enumerate(CASES)]
)
def test_request_is_the_documented_one(name: str, case: dict[str, Any]) -> None:
    """Method, URL, the headers the case names, and the decoded body."""
    wire = sent(name, case)
    assert wire.method == case["method"]
    assert _url(wire.url) == _url(case["url"])
    assert {key: _header(wire, key) for key in case["headers"]} == case["headers"]
    assert _body(wire) == case["body"]


@pytest.mark.parametrize("name", NAMES)
def test_every_action_has_a_case(name: str) -> None:
    """No action goes without a witness of what it sends."""
    seen = {(case["entity"], case["action"]) for platform, case in CASES if platform == name}
    platform = connector(name)
    declared = {(entity, action) for entity in platform.names() for action in platform.entity(entity).actions}
    silent = {(entity, action) for owner, entity, action in NO_REQUEST if owner == name}
    assert declared - silent - seen == set()
    assert seen <= declared


def test_a_case_stands_in_the_file_of_its_family() -> None:
    """Where an entity's module has a family, its cases are in the file of that name."""
    astray = [
        f"{path.parent.name}/{path.name}: {case['entity']}"
        for path in FAMILIES
        for case in json.loads(path.read_text("utf-8"))
        for entity, _, module in connector(path.parent.name).entities
        if entity == case["entity"] and "." in module and module.partition(".")[0] != path.stem
    ]
    assert astray == []


@pytest.mark.parametrize("name", NAMES)
def test_every_case_says_where_it_comes_from(name: str) -> None:
    """A public page or a vendor's class, and never a file of somebody's machine."""
    parts = {"entity", "action", "params", "method", "url", "headers", "body", "source"}
    for case in (case for platform, case in CASES if platform == name):
        assert len(case["source"]) > len("https://"), case
        assert not case["source"].startswith(("/", "~", ".")), case
        assert case.keys() - {"account", "part"} == parts, case
