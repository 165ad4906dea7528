"""Every route of the host, from its own description: whatever is sent, it is no fault of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hostile import META, TEXTS
from tenants import START, Tenants, tenants

BODIES: list[Any] = [
    b"", b"{", b"\xff", b"null", b"[1]", b'"x"', b"[" * 20_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"a":' + b"9" * 5_000 + b"}", b'{"name":"\\ud800"}', b'{"name":NaN}', b"a=1&a=2&%00=%ff",
    b"x" * 3_000_000,
]  # fmt: skip
PARTS = ["x", "..", "%2e%2e%2f", "%00", "%0d%0aX-Evil:1", "%ed%a0%80", "x" * 3_000, "'", "%F0%9F%98%80"]
FIELDS: list[Any] = [
    "",
    "\x00",
    "\ud800",
    META,
    "a\r\nX-Evil: 1",
    "9" * 4_000,
    "x" * 50_000,
    None,
    -1,
    10**400,
    [],
    {},
    [[]] * 999,
]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    """One host for the file."""
    with tenants(tmp_path_factory.mktemp("host")) as found:
        yield found


def operations(host: Tenants) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and the properties of the body of everything the description names."""
    spec = host.http.get("/openapi.json").json()
    found = []
    for path, item in spec["paths"].items():
        for method, told in item.items():
            kinds: list[Any] = [*told.get("requestBody", {}).get("content", {}).values()]
            schema = kinds[0].get("schema", {}) if kinds else {}
            name = schema.get("$ref", "").rpartition("/")[2]
            known = spec.get("components", {}).get("schemas", {}).get(name, schema)
            found.append((method.upper(), path, known.get("properties", {})))
    return found


def sent(host: Tenants, method: str, path: str, body: bytes, **headers: str) -> Any:
    """The answer of one request, which is no fault of ours."""
    told = {"Authorization": f"Bearer {host.tokens['owner']}", "Content-Type": "application/json", **headers}
    answer = host.http.request(method, path, content=body, headers=told, follow_redirects=False)
    assert answer.status_code < 500 or answer.status_code == 501, (
        method,
        path[:80],
        body[:60],
        answer.text[:300],
    )
    assert "Traceback" not in answer.text
    assert len(answer.text) < 300_000
    return answer


@pytest.mark.slow
def test_every_route_of_the_host(host: Tenants) -> None:
    """Bodies that are none, values of other types, signs in paths and headers."""
    shop = host.shop()
    for method, path, fields in operations(host):
        names = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        there = path
        for name in names:
            there = there.replace(f"{{{name}}}", shop.get(name, "x"))
        bodies = BODIES if fields else BODIES[:3]
        for body in bodies:
            sent(host, method, there, body)
        for name in fields:
            for value in FIELDS:
                sent(host, method, there, json.dumps({name: value}).encode())
        for part in PARTS if names else ():
            hostile = path
            for name in names:
                hostile = hostile.replace(f"{{{name}}}", part)
            sent(host, method, hostile, b"{}")
        sent(host, method, f"{there}?limit=x&limit=2&%00=%ff&cursor={'x' * 2_000}", b"{}")
        for text in ("a b", "x" * 5_000, "é", "\t"):
            odd = {"Idempotency-Key": text, "X-Organization-Id": text}
            told = {name: value.encode("latin-1") for name, value in odd.items()}
            sent(host, method, there, b"{}", **told)  # type: ignore[arg-type]
    assert len(operations(host)) > 20
    assert host.http.get(f"{START}/health").status_code < 500


def test_calls_over_rest(host: Tenants) -> None:
    """Hostile values in a call: refused in words, with a status that says whose fault it is."""
    connector = host.shop()["connector_id"]
    for text in TEXTS[::3]:
        for body in (
            {"entity": text, "action": "list"},
            {"entity": "campaigns", "action": "list", "params": text},
        ):
            path = f"{START}/integrations/connectors/{connector}/execute"
            sent(host, "POST", path, json.dumps(body).encode())


PAGES = [
    "/link/{}", "/connector/callback?state={}", "/connector/callback?code={}&state=x",
    "/api/v1/oauth/callback?error={}",
    "/sandbox/linkedin-ads?state={}", "/sandbox/{}?state=x", "/docs/{}", "/openapi.json?{}",
]  # fmt: skip


@pytest.mark.parametrize("page", [PAGES[0], *(pytest.param(one, marks=pytest.mark.slow) for one in PAGES)])
def test_pages_of_browsers(host: Tenants, page: str) -> None:
    """What a page shows of its address is text, and an address that means nothing is a page that says so."""
    marks = ["<script>alert(1)</script>", '"><img src=x onerror=y>', "javascript:alert(1)"]
    for text in [*marks, *TEXTS[:: 8 if page == PAGES[0] else 1]]:
        told = quote(text.encode("utf-8", errors="replace")[:8_000])
        for method in ("GET", "POST"):
            answer = host.http.request(method, page.format(told), follow_redirects=False)
            assert answer.status_code < 500, (method, page, text[:60], answer.text[:300])
            assert "Traceback" not in answer.text
            assert not [mark for mark in marks[:2] if mark in answer.text]
            assert "alert(1)" not in answer.headers.get("location", "")
            assert "X-Evil" not in answer.headers
