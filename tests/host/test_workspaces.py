"""Workspaces over REST: pages, whose they are, and what goes with one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from control_plane import Api, control_plane

CONNECTORS = "/integrations/connectors"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host with workspaces of two organizations."""
    with control_plane(tmp_path_factory.mktemp("host")) as found:
        for name in ("shop", "Shop b", "a shop", "c-shop", "100%", "theirs"):
            made(found, name)
        made(found.by("other"), "shop")
        yield found


def made(api: Api, name: str) -> dict[str, Any]:
    """A connector in a workspace that may be new."""
    body = {"workspace_name": name, "connector_type": "amazon-ads", "credentials": {"refresh_token": "r"}}
    status, answer = api("POST", CONNECTORS, body)
    assert status == 200
    found: dict[str, Any] = answer
    return found


def names(api: Api, query: str) -> list[list[str]]:
    """The names on all pages."""
    pages, path = [], f"/api/v1/workspaces?{query}"
    while path:
        status, answer = api("GET", path)
        assert status == 200, answer
        pages.append([known["name"] for known in answer["data"]])
        path = answer["next"]
    return pages


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("name_contains=shop", [["shop", "Shop b", "a shop", "c-shop"]]),
        ("name_contains=shop&limit=1", [["shop"], ["Shop b"], ["a shop"], ["c-shop"]]),
        ("name_contains=c-shop&limit=2", [["c-shop"]]),
        ("name_contains=%25", [["100%"]]),
        ("name_contains=_", [[]]),
        ("limit=4", [["100%", "Shop b", "a shop", "c-shop"], ["shop", "theirs"]]),
        ("status=inactive", [[]]),
    ],
)
def test_pages_of_workspaces_leave_none_out(api: Api, query: str, pages: list[list[str]]) -> None:
    """The very name comes first, each workspace once, and no sign stands for another."""
    assert names(api, query) == pages


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=eDox", "cursor=%C3%A4", "stat=active"]
)
def test_a_query_that_fits_nothing_is_refused(api: Api, query: str) -> None:
    """A limit out of its bounds, a cursor of another list, a name there is not."""
    status, answer = api("GET", f"/workspaces?{query}")
    assert (status, answer["errors"][0]["field"]) == (422, query.partition("=")[0])


def test_anothers_workspace_is_as_one_there_is_not(api: Api) -> None:
    """Neither another organization nor a client of other workspaces can tell."""
    (mine,) = api("GET", "/workspaces?name_contains=c-shop")[1]["data"]
    for stranger in (api.by("other"), api.by("narrow")):
        for method, body in (("GET", None), ("PUT", {"status": "inactive"}), ("DELETE", None)):
            foreign = stranger(method, f"/workspaces/{mine['id']}", body)
            assert foreign == stranger(method, f"/workspaces/{uuid.uuid4()}", body)
            assert foreign[0] == 404
    assert names(api.by("narrow"), "") == [["theirs"]]
    assert api.by("narrow")("GET", "/workspaces/stats")[1]["total_count"] == 1
    assert api("GET", f"/workspaces/{mine['id']}") == (200, mine)
    (theirs,) = api.by("narrow")("GET", "/workspaces")[1]["data"]
    assert api.by("narrow")("PUT", f"/workspaces/{theirs['id']}", {"name": "c-shop"})[0] == 404
    assert api.by("reads")("DELETE", f"/workspaces/{mine['id']}")[0] == 403


def test_a_workspace_is_renamed_stopped_and_gone_with_all_in_it(api: Api) -> None:
    """A name in use is refused; after the deletion its connectors are gone, and the name is free."""
    connector = made(api, "passing")
    path = f"/workspaces/{connector['workspace_id']}"
    assert api("PUT", path, {"name": "shop"})[1]["errors"][0]["field"] == "name"
    changed = api("PUT", path, {"name": "passed", "status": "inactive"})[1]
    assert (changed["name"], changed["status"]) == ("passed", "inactive")
    assert api("GET", f"{CONNECTORS}/{connector['id']}")[1]["workspace_name"] == "passed"
    assert api("GET", "/workspaces/stats")[1] == {"active_count": 6, "inactive_count": 1, "total_count": 7}
    assert api("DELETE", path)[1]["id"] == connector["workspace_id"]
    assert (api("GET", path)[0], api("GET", f"{CONNECTORS}/{connector['id']}")[0]) == (404, 404)
    assert made(api, "passed")["workspace_id"] != connector["workspace_id"]
