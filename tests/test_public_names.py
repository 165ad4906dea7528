"""Names that users rely on do not vanish: tests/data/public_names.txt has all there ever were."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import mcp_ads
from mcp_ads import cli
from mcp_ads.across import ads, offer
from mcp_ads.commands.stopped import BY_SIGNAL
from mcp_ads.commands.streams import BAD_USAGE, FAILED
from mcp_ads.core import describe
from mcp_ads.variables import VARIABLES

TESTS = Path(__file__).parent
KEPT = TESTS / "data" / "public_names.txt"
ROW = re.compile(r"^\| `([^`]+)` \| (\d+)\.(\d+)\.\d+ \| (\d+)\.(\d+)\.\d+ \|", re.MULTILINE)
RELEASE = tuple(map(int, mcp_ads.__version__.split(".")[:2]))
DEPRECATED = {
    name: ((int(since), int(minor)), (int(goes), int(then)))
    for name, since, minor, goes, then in ROW.findall((TESTS.parent / "docs/versions.md").read_text("utf-8"))
}
"""The releases in which a name was announced to go, and in which it goes."""


def names() -> Iterator[tuple[str, str]]:
    """Every name that is public now, after what it is a name of; an action counts without one, too."""
    for tool in json.loads((TESTS / "schemas/tools.json").read_text("utf-8")):
        yield "tools", tool["name"]
    for path in (TESTS / "schemas").glob("*/*.json"):  # tests/test_actions.py holds these to the declarations
        for action, shown in json.loads(path.read_text("utf-8")).items():
            whole = f"{path.parent.name} {path.stem}.{action}"
            yield from _action(whole, shown["signature"], shown["properties"])
    across = offer(ads.name)
    for entity in across.names():
        for action, kind in across.entity(entity).actions.items():
            signature = describe.signature(entity, action, kind)
            yield from _action(
                f"{ads.name} {entity}.{action}", signature, describe.schema(kind)["properties"]
            )
    yield from _commands(cli.app, "mcp-ads")
    yield from (("variables", name) for name in VARIABLES)
    yield from (("python", name) for name in mcp_ads.__all__)
    stopped = [BY_SIGNAL + number for number in (1, 2, 15)]
    codes = [0, FAILED, BAD_USAGE, cli.INTERRUPTED, cli.PIPE_CLOSED, *stopped]
    yield from (("exit codes", str(code)) for code in codes)


def _action(whole: str, signature: str, declared: Iterable[str]) -> Iterator[tuple[str, str]]:
    shown = re.findall(r"[a-z_]+", signature.partition("(")[2])
    yield from ((whole, name) for name in {"", *shown, *declared})


def _commands(app: Any, path: str) -> Iterator[tuple[str, str]]:
    """Options of the commands below one."""
    for name in app:
        below, whole = app[name], f"{path} {name}"
        if name in {*app.help_flags, *app.version_flags}:
            continue
        if below.default_command:
            options = (each for one in below.assemble_argument_collection() for each in one.names)
            yield from ((whole, each) for each in ("", *options) if each != "*" and "--empty-" not in each)
        else:
            yield from _commands(below, whole)


def kept() -> set[tuple[str, str]]:
    """The names of the list."""
    lines = (line.partition(":") for line in KEPT.read_text("utf-8").splitlines())
    return {(whole, name) for whole, _, rest in lines for name in ["", *rest.split()]}


def test_public_names_are_those_reviewed() -> None:
    """One that is gone stands in docs/versions.md, to go by this release; a new one stands in the list."""
    now, before = {*names()}, kept()
    now |= {(whole, "") for whole, _ in now}
    if os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS"):
        lines: dict[str, list[str]] = {}
        for whole, name in sorted(now | before):
            lines.setdefault(whole, []).append(name)
        text = "".join(f"{whole}:{' '.join(found)}\n" for whole, found in lines.items())
        KEPT.write_text(text, "utf-8")
        before |= now
    gone = {f"{whole} {name}".strip() for whole, name in before - now}
    early = {name for name in gone if name not in DEPRECATED or DEPRECATED[name][1] > RELEASE}
    assert early == set(), (
        "public names are gone: docs/versions.md, Deprecated, says first which release ends them"
    )
    assert now - before == set(), "new public names: run `make snapshots`, and review the diff"


def test_what_is_deprecated_has_its_time() -> None:
    """It is a name of the list, and goes a minor release after it was announced at the earliest."""
    known = {f"{whole} {name}".strip() for whole, name in kept()}
    assert {*DEPRECATED} <= known
    assert all(goes > since for since, goes in DEPRECATED.values())
