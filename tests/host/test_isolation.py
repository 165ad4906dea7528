"""What is another's answers exactly as what there is not, on every path, and stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from tenants import CREDENTIAL, KEPT, NAME, SLUGS, START, Tenants, tenants, unknown

METHODS = ("get", "put", "post", "delete", "patch")
STRANGERS = ("other", "narrow", "scoped", "token", "scoped-other", "token-other")
FAR = ("other", "token-other")
NAMED = {"workspace_name": "{workspace_name}"}
CREATE = {**NAMED, "connector_type": "linkedin-ads", "name": "x", **SLUGS["linkedin-ads"]}
RENAME = {"name": "taken", "replication_config": {"start_date": "2026-02-02"}}
EXECUTE = {"entity": "accounts", "action": "list", "params": {}}
INITIATE = {**NAMED, "connector_type": "linkedin-ads", "redirect_url": "https://example.com/back"}
BODIES: Mapping[str, Any] = {
    "POST /account/applications/token": {"client_id": "{connector_id}", "client_secret": "x"},
    "POST /account/applications/scoped-token": NAMED,
    "POST /integrations/connectors": CREATE,
    "PUT /integrations/connectors/{connector_id}": RENAME,
    "POST /integrations/connectors/check": CREATE,
    "POST /integrations/connectors/{connector_id}/check": {},
    "POST /integrations/connectors/{connector_id}/execute": EXECUTE,
    "POST /connectors/sources/{connector_id}/execute": EXECUTE,
    "POST /connectors/instances/{connector_id}/execute": EXECUTE,
    "POST /integrations/connectors/{connector_id}/plans/{plan_id}/apply": {},
    "POST /integrations/connectors/oauth/initiate": INITIATE,
    "PUT /workspaces/{workspace_id}": {"name": "taken"},
    "PUT /oauth/credentials": {"connector_type": "linkedin-ads",
                               "configuration": {"client_id": "x", "client_secret": "y"}},
}  # fmt: skip
"""What each path that takes a body is asked with; {names} are another's, or of nothing."""
QUERIES: Mapping[str, Any] = {
    "GET /integrations/connectors": [NAMED, {"workspace_id": "{workspace_id}"}],
    "GET /connectors/connectors_for_user": [{"external_user_id": "{workspace_name}"}],
    "GET /workspaces": [{"name_contains": "{workspace_name}"}, {}],
    "GET /skills/docs": [{"id": "connector:linkedin-ads", "workspace_id": "{workspace_id}"}],
    "GET /skills/search": [{"query": "budget"}],
}
ONE = "/integrations/connectors/{connector_id}"
OUTSIDE = ("/healthz", "/readyz", "/callback", "/link/{token}")
"""Ends of paths that have no prefix."""
OF_ONES_OWN = ("PUT /oauth/credentials", "DELETE /oauth/credentials/connector_type/{connector_type}")
"""What is asked of the caller's own organization, and names nothing of another's."""
OWN = {"other": "theirs", "scoped-other": "theirs", "token-other": "theirs"}
"""The workspace that is one's own."""
ELSE = {"plan_id": "pause-campaign.x.y.a1b2c3d4", "definition_id": "x", "rest": "x", "token": "x",
        "connector_type": "linkedin-ads", "type": "linkedin-ads"}  # fmt: skip
"""Other parts of paths."""
UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
LABEL = re.compile('(?<="connection":")[^"]+')
SIGNED = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=state=)[\w-]+|(?<=code_challenge=)[\w-]+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
ITS_OWN = ("x-request-id", "date", "content-length", "location")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenants]:
    """A host for all tests of this file."""
    with tenants(tmp_path_factory.mktemp("tenants")) as found:
        yield found


def filled(shape: Any, values: Mapping[str, str]) -> Any:
    """A shape with values in the place of its names."""
    if isinstance(shape, dict):
        return {name: filled(value, values) for name, value in shape.items()}
    return shape.format_map(values) if isinstance(shape, str) else shape


def as_said(answer: httpx.Response, values: Mapping[str, str]) -> tuple[int, str, dict[str, str]]:
    """An answer without what is another each time, and without what was asked with."""
    text = answer.text
    for value in (values[name] for name in values.keys() - ELSE.keys()):
        text = text.replace(value, "?")
    for changing in (UUID, LABEL, SIGNED, TIME):
        text = changing.sub("?", text)
    headers = {name: value for name, value in answer.headers.items() if name not in ITS_OWN}
    return answer.status_code, text, headers


def operations(there: Tenants) -> list[str]:
    """Every method and path that the host describes."""
    paths = there.http.get("/openapi.json").json()["paths"]
    return [
        f"{method.upper()} {path.removeprefix(START)}"
        for path, known in paths.items()
        for method in known
        if method in METHODS
    ]


def compared(there: Tenants, who: str, operation: str, query: Mapping[str, Any]) -> list[Any]:
    """What is wrong with how somebody is answered about a shop of the owner's."""
    method, path = operation.split(" ", 1)
    shop = {**there.shop(), **ELSE}
    kept, said = there.kept(), []
    for values in (shop, shop | unknown({name: shop[name] for name in shop.keys() - ELSE.keys()})):
        at = path.format_map(values)
        at = at if operation.endswith(OUTSIDE) else START + at
        body = filled(BODIES.get(operation), values)
        said.append(as_said(there.ask(who, method, at, body, filled(query, values)), values))
    wrong = list[Any]()
    if said[0] != said[1] and operation not in OF_ONES_OWN:
        wrong.append((operation, "is told apart", *said))
    if any(marker in text for _, text, _ in said for marker in (NAME, CREDENTIAL)):
        wrong.append((operation, "tells of what is another's", said[0]))
    if there.kept() != kept:
        wrong.append((operation, "changes what is another's"))
    return wrong


@pytest.mark.parametrize(
    "who", [pytest.param(who, marks=() if who in FAR else pytest.mark.slow) for who in STRANGERS]
)
def test_what_is_anothers_is_as_what_there_is_not(there: Tenants, who: str) -> None:
    """The same status, text and headers for both; none of it is told, and no row of it is another one."""
    found = operations(there)
    lacking = [each for each in found if each.split()[0] in ("POST", "PUT") and each not in BODIES]
    assert lacking == []
    asked = [(operation, query) for operation in found for query in QUERIES.get(operation, [{}])]
    assert [wrong for each in asked for wrong in compared(there, who, *each)] == []


@pytest.mark.slow
@pytest.mark.parametrize("who", [*STRANGERS, "again"])
def test_anothers_plan_is_as_one_there_is_not(there: Tenants, who: str) -> None:
    """By a connector of one's own, another's plan is no plan; it waits on, and its owner applies it."""
    shop, body = there.shop(), {**CREATE, "workspace_name": OWN.get(who, "near")}
    plan_id = there.planned("owner", shop["connector_id"])
    mine = there.ask("other" if "other" in who else "owner", "POST", KEPT, body).json()["id"]
    for method, end in (("GET", ""), ("POST", "/apply")):
        said = []
        for plan in (plan_id, f"{plan_id[:-8]}00000000"):
            answer = there.ask(
                who if who in STRANGERS else "owner", method, f"{KEPT}/{mine}/plans/{plan}{end}"
            )
            said.append(as_said(answer, {"plan_id": plan, **ELSE} | {"plan": plan}))
        assert said[0] == said[1]
        assert said[0][0] in (403, 404)
    applied = there.ask("owner", "POST", f"{KEPT}/{shop['connector_id']}/plans/{plan_id}/apply", {})
    assert applied.json()["result"]["status"] == "applied", applied.text


def test_who_owns_it_is_answered_otherwise(there: Tenants) -> None:
    """So that the comparison sees a difference where there is one."""
    seen = {wrong[0] for each in operations(there) for wrong in compared(there, "owner", each, {})}
    assert {f"{method} {ONE}" for method in ("GET", "PUT", "DELETE")} <= seen
