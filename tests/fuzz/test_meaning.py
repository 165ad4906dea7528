"""Text full of signs that mean something on the way reaches the wire as one value, or is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from budget import scale
from hostile import META, texts
from hypothesis import example, given, settings
from wire_cases import CASES, sent

from mcp_ads.core import Wire
from mcp_ads.errors import InvalidParams

SHAPES = [
    ("facebook_marketing", "campaigns", "update", "name"),
    ("facebook_marketing", "targeting", "search", "q"),
    ("linkedin_ads", "targeting_entities", "search", "query"),
    ("linkedin_ads", "campaigns", "update", "name"),
    ("linkedin_ads", "campaigns", "list", "name"),
    ("linkedin_ads", "accounts", "list", "name"),
    ("linkedin_ads", "ad_library", "search", "keyword"),
    ("amazon_ads", "sponsored_product_campaigns", "update", "name"),
    ("amazon_ads", "portfolios", "update", "name"),
]
"""A form, a query, a query of Rest.li, a patch, lists of Rest.li, JSON: one action of each."""
FEW, MANY = 12, 4_000


def told(wire: Wire) -> Iterator[str]:
    """Every text that the platform reads out of a request."""
    _, _, query = wire.url.partition("?")
    for _, value in parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)):
        yield value
    for inside in re.findall(r"List\(([^()]*)\)", query):
        yield from map(unquote, inside.split(","))
    if isinstance(wire.content, bytes):
        text = wire.content.decode()
        form = "x-www-form-urlencoded" in wire.headers.get("Content-Type", "")
        yield from (value for _, value in parse_qsl(text)) if form else leaves(json.loads(text))


def leaves(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from leaves(part)
    elif isinstance(value, str):
        yield value


def shape_of(wire: Wire) -> tuple[Any, ...]:
    """A request but for its values: path, names in the query, and how many texts there are."""
    path, _, query = wire.url.partition("?")
    return path, [part.partition("=")[0] for part in query.split("&")], len([*told(wire)])


def one_value(shape: tuple[str, str, str, str], examples: int) -> None:
    name, _, action, param = shape
    case = next(c for platform, c in CASES if (platform, c["entity"], c["action"]) == shape[:3])
    plain = shape_of(sent(name, {**case, "params": {**case["params"], param: "plainword"}}))

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None)
    @given(texts())
    @example(META)
    @example("a\r\nX-Evil: 1")
    @example("1,2")
    def check(text: str) -> None:
        try:
            wire = sent(
                name, {**case, "params": {**case["params"], param: [text] if action == "list" else text}}
            )
        except InvalidParams:
            return
        assert [*told(wire)].count(text) == 1 or [*told(wire)].count(text.strip()) == 1, (text, wire.url)
        assert shape_of(wire) == plain
        assert all(value.isprintable() for value in wire.headers.values())

    check()


@pytest.mark.parametrize("shape", SHAPES, ids=".".join)
def test_one_value_stays_one(shape: tuple[str, str, str, str]) -> None:
    """No sign in a text makes a second parameter, a second value, another path or a header."""
    one_value(shape, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES, ids=".".join)
def test_one_value_stays_one_of_many(shape: tuple[str, str, str, str]) -> None:
    """The same, as often as MCP_ADS_TEST_SCALE allows, in percent of 4,000 for each shape."""
    one_value(shape, scale(MANY, least=200))
