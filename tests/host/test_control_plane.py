"""What all paths of the host have in common: one shape for refusals, and a description of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from control_plane import Api, control_plane
from sqlalchemy.exc import OperationalError

from mcp_ads.host.catalog import DEFINITIONS

PATH, SECRET = "/integrations/connectors", "MARKER-of-a-fault"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host for all tests of this file, each of which has workspaces of its own."""
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        yield found


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": "\\u0000"}', "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b"[" * 200_000, "application/json", 400),
        (b'"' + b"x" * 2**20 + b'"', "application/json", 413),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
    ],
)
def test_what_is_no_body_is_refused_in_the_same_shape(api: Api, body: bytes, kind: str, status: int) -> None:
    """Broken, unkeepable, too large or no JSON: one shape, with a request id and no trace of Python."""
    answered, answer = api("POST", PATH, body, **{"Content-Type": kind})
    assert (answered, set(answer)) == (status, {"message", "errors"})
    assert re.fullmatch("[0-9a-f]{32}", api.answer.headers["x-request-id"])
    assert "Traceback" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("PATCH", PATH, 405),
        ("GET", f"{PATH}?workspace_nam=w", 422),
        ("GET", PATH, 422),
        ("GET", f"{PATH}?workspace_name=%00", 400),
        ("GET", f"{PATH}?workspace_name=w&definition_id=facebook", 422),
        ("GET", "/skills/docs?id=connector:nothing", 404),
        ("GET", "/skills/docs?id=connector:amazon-ads&section=entity:campaings", 404),
        ("GET", "/integrations/definitions/sources/nothing", 404),
        ("POST", "/internal/workflows/7/automations", 501),
        ("POST", "/account/applications/widget-token", 501),
    ],
)
def test_every_refusal_has_the_shape_that_clients_read(api: Api, method: str, path: str, status: int) -> None:
    """Paths, methods, parameters and documents there are not."""
    answered, answer = api(method, path)
    assert (answered, set(answer["errors"][0])) == (status, {"field", "message", "error_code", "details"})


@pytest.mark.parametrize(
    ("error", "status"),
    [(RuntimeError(SECRET), 500), (OperationalError(SECRET, {"a": SECRET}, OSError(SECRET)), 503)],
)
def test_a_fault_says_nothing_but_its_request_id(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, status: int
) -> None:
    """What breaks is neither answered nor logged in words; both have the id of the request."""

    async def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(api.host.database, "run", broken)
    answered, answer = api("GET", f"{PATH}?workspace_name=w")
    request_id = api.answer.headers["x-request-id"]
    assert answered == status
    assert status == 503 or answer["errors"][0]["details"] == {"request_id": request_id}
    assert type(error).__name__ in caplog.text
    assert SECRET not in json.dumps(answer) + caplog.text


@pytest.mark.parametrize("slug", DEFINITIONS)
def test_every_entity_has_a_section_with_calls_that_run(api: Api, slug: str) -> None:
    """The outline names each entity once; each section has its actions, each with a call as JSON."""
    first = api("GET", f"/skills/docs?id=connector:{slug}")[1]
    sections = [entry["id"] for entry in first["outline"] if entry["id"].startswith("entity:")]
    assert first["section_id"] == "overview"
    assert len(set(sections)) == len(sections) > 10
    for section in sections[:: max(1, len(sections) // 8)]:
        found = api("GET", f"/skills/docs?id=connector:{slug}&section={section}")[1]
        calls = [json.loads(block["code"]) for block in found["content"] if block["type"] == "code"]
        actions = [block["text"] for block in found["content"] if block.get("level") == 2]
        assert [call["action"] for call in calls] == actions
        assert {call["entity"] for call in calls} == {section.removeprefix("entity:")}
    spec = api("GET", f"/integrations/definitions/sources/{DEFINITIONS[slug].id}")[1]["definition"]["spec"]
    assert spec["connectionSpecification"]["properties"]["credentials"]["oneOf"]


def test_the_api_describes_itself_without_the_network(api: Api) -> None:
    """The OpenAPI document names each path once; the page of it loads nothing and runs nothing."""
    status, document = api("GET", "/api/../openapi.json")
    assert status == 200
    assert document["servers"] == [{"url": "/"}]
    open_to_all = [
        path for path, known in document["paths"].items() for it in known.values() if it.get("security") == []
    ]
    assert (document["security"], open_to_all) == ([{"bearer": []}], ["/api/v1/account/applications/token"])
    assert not any(path.startswith("/v1/") for path in document["paths"])
    execute = document["paths"]["/api/v1/integrations/connectors/{connector_id}/execute"]["post"]
    assert {"400", "401", "403", "404", "409", "424", "429", "501", "502"} <= {*execute["responses"]}
    assert "plan_required" in execute["responses"]["409"]["description"]
    assert not any("__" in name for name in document["components"]["schemas"])
    page = api._client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert re.findall(r"""(?:href|src)\s*=\s*["']?([^"'>]*)|url\(|@import|//""", page.text) == [
        "/openapi.json"
    ]
    assert "<script" not in page.text
    assert all(path in page.text for path in document["paths"])
