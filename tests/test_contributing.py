"""The worked examples of CONTRIBUTING.md are true: they run, and make the requests of their wire cases."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from mcp_ads.connectors import connector
from mcp_ads.core import Action, Write, validate

ROOT = Path(__file__).parents[1]
PACKAGE = "mcp_ads.connectors.facebook_marketing"
OURS = {
    "id_in",
    "risk",
    "shown",
    "to_request",
    "sent",
    "validates",
    "model_config",
    "model_fields",
    "model_computed_fields",
}
"""What an action is asked, and never says itself."""
ACTIONS = {"catalogs": "UpdateCatalog", "playables": "ListPlayables"}

FIELDS = "tests/data/facebook_fields.json"
SNAPSHOTS = "schemas or reviewed"
"""The tests that `make snapshots` lets write."""


def _blocks(language: str) -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_examples_make_their_requests() -> None:
    """Each class, run where its file would be, makes the request of its wire case."""
    names: dict[str, Any] = {"__name__": f"{PACKAGE}.example", "__package__": PACKAGE}
    for block in _blocks("python"):
        exec(compile(block, "CONTRIBUTING.md", "exec", dont_inherit=True), names)
    cases = [json.loads(block) for block in _blocks("json")]
    assert {case["entity"] for case in cases} == ACTIONS.keys()
    for case in cases:
        call = validate.call(case["entity"], case["action"], names[ACTIONS[case["entity"]]], case["params"])
        wire = connector("facebook-marketing").dialect.encode(call.to_request())
        assert (wire.method, wire.url) == (case["method"], case["url"])
        assert wire.content == (urlencode(case["body"]).encode() if case["body"] else None)
        assert {name: wire.headers[name] for name in case["headers"]} == case["headers"]


def _put(path: Path, before: str, line: str, *, after: str = "") -> None:
    """A line where an example says that it goes: before the first text of this sort, after another one.

    It may stand there already: whoever tries an example by hand has followed it to the letter too.
    """
    text = path.read_text("utf-8")
    if line.strip().rstrip(",") in text:
        return
    at = text.index(before, text.index(after))
    path.write_text(f"{text[:at]}{line}{text[at:]}", "utf-8")


def _follow(root: Path) -> None:
    """Both examples, to the letter."""
    platform = root / "mcp_ads" / "connectors" / "facebook_marketing"
    update, playables = _blocks("python")
    edge, row, fields = _blocks("text")
    for family, case in zip(("catalogs", "creative"), _blocks("json"), strict=True):
        _put(root / "tests" / "wire" / "facebook_marketing" / f"{family}.json", "{", f"{case.strip()},\n  ")
    catalogs = platform / "catalogs" / "catalogs.py"
    _put(catalogs, "class ", f"{update}\n\n")
    _put(catalogs, "list=", "update=UpdateCatalog, ", after="Entity(")
    (platform / "creative" / "playables.py").write_text(playables, "utf-8")
    _put(platform / "__init__.py", "        (", f"        {row}", after="entities=(")
    table = root / "tests" / "data" / "facebook_fields.json"
    entity, node = fields.splitlines(keepends=True)
    for part, line in (("entities", entity), ("nodes", node), ("edges", edge)):
        _put(table, '    "', f"    {line}", after=f'  "{part}": {{')


def _run(root: Path, *words: str) -> None:
    variables = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", *words]
    done = subprocess.run(
        command, cwd=root, env=variables, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_examples_followed_to_the_letter_pass_every_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy with both examples in it, and what CONTRIBUTING.md says to run after them, is right."""
    left_out = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache")
    root = tmp_path / "copy"
    shutil.copytree(ROOT, root, ignore=left_out)
    _follow(root)
    _run(root, "mcp_ads.docs")
    monkeypatch.setenv("MCP_ADS_UPDATE_SNAPSHOTS", "1")
    _run(root, "pytest", "-n", "0", "tests/test_actions.py", "tests/server/test_tools.py", "-k", SNAPSHOTS)
    monkeypatch.delenv("MCP_ADS_UPDATE_SNAPSHOTS")
    also = ("test_wire_mutations.py", "connectors", "server/test_tools.py", "test_docs.py")
    every = [f"tests/{name}" for name in ("test_actions.py", *also)]
    _run(root, "pytest", "-n", "0", "-m", "not slow", *every)
    _run(root, "mcp_ads.docs", "--check")


def test_examples_may_stand_there_already(tmp_path: Path) -> None:
    """Whoever has followed them by hand gets no second line of the same."""
    platform = PACKAGE.replace(".", "/")
    edited = [
        f"{platform}/__init__.py",
        f"{platform}/catalogs/catalogs.py",
        "tests/data/facebook_fields.json",
    ]
    edited += [f"tests/wire/facebook_marketing/{family}.json" for family in ("catalogs", "creative")]
    for name in (*edited, f"{platform}/creative/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    _follow(tmp_path)
    once = [(tmp_path / name).read_text("utf-8") for name in edited]
    assert once != [(ROOT / name).read_text("utf-8") for name in edited]
    _follow(tmp_path)
    assert [(tmp_path / name).read_text("utf-8") for name in edited] == once


def test_every_hook_is_named() -> None:
    """Whoever declares an action need not read the classes to know what it may say."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    hooks = {name for kind in (Action, Write) for name in vars(kind) | kind.__annotations__}
    missing = [hook for hook in hooks - OURS if not hook.startswith("_") and f"`{hook}`" not in text]
    assert missing == []
