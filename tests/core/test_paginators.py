"""Pages: the token read from an answer, the request it makes, and where pages end."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_ads.core import Cursor, Offset, Request, dig

GRAPH = Cursor("paging.cursors.after", "after", size="limit", most=500, more="paging.next")
AMAZON = Cursor("nextToken", "nextToken", size="maxResults", into="body")
REST = Offset("start", "count", rows="elements", most=50)
QUERY, BODY = Request("GET", "/x", {"a": "1"}), Request("POST", "/x", body={"a": "1"})


@pytest.mark.parametrize(("rows", "size"), [(1, 1), (25, 25), (500, 500), (1000, 500)])
def test_cursor_sizes_pages(rows: int, size: int) -> None:
    """A page has at most what the platform gives."""
    assert GRAPH.sized(QUERY, rows).query == {"a": "1", "limit": size}
    assert QUERY.query == {"a": "1"}


def test_cursor_in_the_body() -> None:
    """Amazon's lists are POSTs; the rest of the body stays."""
    assert AMAZON.sized(BODY, 1000).body == {"a": "1", "maxResults": 100}
    turned = AMAZON.turn(AMAZON.sized(BODY, 10), "t2")
    assert (turned.body, turned.query) == ({"a": "1", "maxResults": 10, "nextToken": "t2"}, {})
    assert AMAZON.sized(Request("POST", "/x"), 10).body == {"maxResults": 10}


def test_cursor_replaces_the_last_token() -> None:
    """The third page is asked for once, not twice."""
    assert GRAPH.turn(GRAPH.turn(QUERY, "t2"), "t3").query == {"a": "1", "after": "t3"}


@pytest.mark.parametrize(
    ("answer", "token"),
    [
        ({"nextToken": "t"}, "t"),
        ({"nextToken": 7}, "7"),
        ({"nextToken": ""}, None),
        ({"nextToken": None}, None),
        ({}, None),
        ([], None),
        (None, None),
        ("text", None),
    ],
)
def test_cursor_ends(answer: Any, token: str | None) -> None:
    """No token, or an empty one, is the last page, whatever the answer is."""
    assert AMAZON.token(BODY, answer) == token


def test_cursor_with_more_elsewhere() -> None:
    """A token on the last page is no promise where another field tells."""
    last = {"paging": {"cursors": {"after": "t"}}}
    assert GRAPH.token(QUERY, last) is None
    assert GRAPH.token(QUERY, {"paging": {"next": "https://…"}}) is None
    assert GRAPH.token(QUERY, {"paging": last["paging"] | {"next": "https://…"}}) == "t"


def test_offset_walks() -> None:
    """Three pages of two: full, full, short."""
    request, starts = REST.sized(QUERY, 2), []
    for rows in ([1, 2], [3, 4], [5]):
        starts.append(request.query["start"])
        token = REST.token(request, {"elements": rows})
        request = REST.turn(request, token) if token else request
    assert starts == [0, 2, 4]
    assert token is None
    assert request.query == {"a": "1", "start": 4, "count": 2}


@pytest.mark.parametrize("answer", [{"elements": []}, {"elements": None}, {}, None])
def test_offset_ends_on_nothing(answer: Any) -> None:
    """An empty page after a full one is the end."""
    assert REST.token(REST.sized(QUERY, 2), answer) is None


def test_offset_has_a_largest_page() -> None:
    """And steps by the page it asked for, not by what was wanted."""
    request = REST.sized(QUERY, 500)
    assert request.query["count"] == 50
    assert REST.token(request, {"elements": list(range(50))}) == "50"


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, "a.b", 1),
        ({"a": {"b": 1}}, "a", {"b": 1}),
        ({"a": 1}, "", {"a": 1}),
        ({"a": 1}, "a.b", None),
        ({"a": None}, "a.b.c", None),
        ({"a": [{"b": 1}]}, "a.b", None),
        ({"a": 0}, "a", 0),
        (None, "a", None),
        ([1], "0", None),
    ],
)
def test_dig(value: Any, path: str, found: Any) -> None:
    """A missing step is None, never an error."""
    assert dig(value, path) == found
