"""The kinds of objects that the make-believe Graph has from its table alone, each held to it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from facebook_client import ACCOUNT, BUSINESS, Graph, graph

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
TABLES = ROOT / "mcp_ads" / "sandbox" / "facebook_marketing"
KINDS: dict[str, dict[str, Any]] = json.loads((TABLES / "kinds.json").read_text("utf-8"))
FIELDS: dict[str, dict[str, Any]] = json.loads((TABLES / "fields.json").read_text("utf-8"))
MADE = [kind for kind, about in KINDS.items() if "create" in about.get("does", "").split()]
OWNERS = {"account": ACCOUNT, "business": BUSINESS}
SAMPLES: dict[str, Any] = {
    "str": "sample",
    "map": {"sample": 1},
    "list": ["sample"],
    "json": ["sample"],
    "bool": "true",
    "time": "2026-01-02T03:04:05+0000",
}


def _sample(type: str) -> Any:
    form, _, values = type.partition(":")
    if values:
        first = FIELDS["enums"][values].split()[0]
        return [first] if form == "many" else first
    return SAMPLES.get(form, 1)


async def _paths(graph: Graph, kind: str) -> list[str]:
    """Where objects of a kind are listed and made; an owner that is made itself is made first."""
    paths = []
    for owner, edge in KINDS[kind]["below"].items():
        owner_id = OWNERS.get(owner) or await _made(graph, owner)
        paths.append(f"{owner_id}/{edge}")
    return paths


async def _made(graph: Graph, kind: str) -> str:
    path = (await _paths(graph, kind))[0]
    found: str = (await graph.post(path, **_needed(kind, next(iter(KINDS[kind]["below"].items())))))["id"]
    return found


def _needed(kind: str, below: tuple[str, str]) -> dict[str, Any]:
    params = FIELDS["edges"]["POST {}/{}".format(*below)]
    return {name: _sample(params[name]) for name in KINDS[kind].get("required", "").split()}


@pytest.mark.parametrize("kind", MADE)
async def test_a_kind_is_made_as_its_line_demands(kind: str) -> None:
    """What is required is missed by name, what is unknown refused, and what was made is listed."""
    async with graph() as g:
        for path, below in zip(await _paths(g, kind), KINDS[kind]["below"].items(), strict=True):
            needed = _needed(kind, below)
            for name in needed:
                rest = {other: value for other, value in needed.items() if other != name}
                assert f"{name} is required" in (await g.error("POST", path, **rest))["message"]
            assert "Unknown parameter" in (await g.error("POST", path, **needed, nonsense="1"))["message"]
            before = (await g.get(path, fields="id"))["data"]
            made = (await g.post(path, **needed))["id"]
            assert (await g.get(path, fields="id"))["data"] == [{"id": made}, *before]
            assert g.writes()[-1] == f"create {kind}"


@pytest.mark.parametrize("kind", MADE)
async def test_a_kind_is_read_changed_and_gone_as_its_line_says(kind: str) -> None:
    """Fields of its node and no others, parameters of its edge and no others, nothing left behind."""
    does = KINDS[kind]["does"].split()
    async with graph() as g:
        made = await _made(g, kind)
        every = FIELDS["nodes"][KINDS[kind]["node"]]
        shown = await g.get(made, fields=",".join(every.split()))
        assert shown.keys() <= set(every.split())
        assert "nonexisting field" in (await g.error("GET", made, fields="nonsense"))["message"]
        params = FIELDS["edges"].get(f"POST {kind}", {})
        changed = next((name for name in params if name in every.split()), None)
        if "update" in does and changed:
            assert "Unknown parameter" in (await g.error("POST", made, nonsense="1"))["message"]
            await g.post(made, **{changed: _sample(params[changed])})
            assert (await g.get(made, fields=changed))[changed] == _sample(params[changed])
        if "erase" in does:
            await g.send("DELETE", made)
            assert (await g.error("GET", made))["error_subcode"] == 33
            assert g.writes()[-1] == f"delete {kind}"


def test_the_table_of_contributing_is_in_the_tree() -> None:
    """The line that is shown to newcomers is the one that works."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    blocks = re.findall(r"```jsonc\n(.*?)```", text, re.DOTALL)
    lines = [line.strip().rstrip(",") for block in blocks for line in block.splitlines()]
    shown: dict[str, Any] = json.loads("{" + ",".join(lines) + "}")
    for name, entry in shown.items():
        assert entry in [table.get(name) for table in (KINDS, FIELDS["nodes"], FIELDS["edges"])]
