"""The wheel, installed: what it brings along, scripts of users checked strictly, and what IDEs complete."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_ads.across import offer
from mcp_ads.core import describe
from typing_stubs.package import BASE, MODULES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
ROOT = Path(__file__).parents[1]
SCRIPT, MISTAKES = (ROOT / "tests/data" / name for name in ("user_script.py.txt", "user_mistakes.py.txt"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once, with what its build asks for."""
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("user")
    venv.create(folder / "venv")
    site = next((folder / "venv").rglob("site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    return folder


def checked(installed: Path, *scripts: str) -> tuple[int, str]:
    """What mypy says of scripts: its exit code and its lines."""
    python = str(next((installed / "venv").rglob("python")))
    words = ["--strict", "--cache-dir", "cache", "--python-executable", python, *scripts]
    done = asked(installed, "mypy", *words)
    return done.returncode, done.stdout + done.stderr


def asked(folder: Path, tool: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A tool of Python's, run in a folder whose modules come before those of this repository."""
    return subprocess.run(
        [sys.executable, "-m", tool, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def class_name(slug: str) -> str:
    """The name of a connector's class."""
    return f"{slug.title().replace('-', '')}Connector"


def examples(more: str = "") -> Iterator[str]:
    """A script that calls every action by its example, a line each, with `more` beside that."""
    for slug in MODULES:
        connector = offer(slug)
        name = class_name(slug)
        yield f"from mcp_ads import {name}"
        yield f"async def {connector.name}(connector: {name}) -> None:"
        for entity in connector.names():
            for action, kind in connector.entity(entity).actions.items():
                given = json.loads(describe.example(kind))
                words = ", ".join(f"{param}={value!r}" for param, value in given.items())
                yield f"    await connector.{entity}.{action}({', '.join(filter(None, [words, more]))})"


def lines_with_errors(said: str, script: str) -> set[int]:
    """The lines of a script of which mypy says that something is wrong."""
    return {int(line) for line in re.findall(rf"^{re.escape(script)}:(\d+): error", said, re.MULTILINE)}


def test_every_table_and_stub_is_in_the_wheel(wheel: Path) -> None:
    """The JSON beside the code comes along with it, and so do stubs, which stand in no source."""
    tables = {str(path.relative_to(ROOT)) for path in (ROOT / "mcp_ads").rglob("*.json")}
    stubs = {f"{path}.pyi" for path in MODULES.values()}
    with zipfile.ZipFile(wheel) as packed:
        assert (tables | stubs) - set(packed.namelist()) == set()
        for stub in stubs:
            ast.parse(packed.read(stub))
    assert not [*(ROOT / "mcp_ads").rglob("*.pyi")]


def test_stubs_are_typed_and_say_what_is_there(wheel: Path, tmp_path: Path) -> None:
    """They hold by themselves, and what runs differs in nothing but entities, found by their names."""
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    stubs = [*MODULES.values(), BASE]
    words = ["--strict", "--follow-imports", "silent", *(f"{stub}.pyi" for stub in stubs)]
    done = asked(tmp_path, "mypy", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    modules = [stub.replace("/", ".") for stub in stubs]
    done = asked(tmp_path, "mypy.stubtest", "--concise", *modules)
    dynamic = {
        f"{path.replace('/', '.')}.{class_name(slug)}.{entity} is not present at runtime"
        for slug, path in MODULES.items()
        for entity in offer(slug).names()
    }
    assert {*done.stdout.splitlines()} == dynamic, done.stderr


def test_a_users_script_is_checked_against_the_wheel_and_runs(installed: Path) -> None:
    """All that the package offers has types that fit together, and what is typed is what happens."""
    (installed / "script.py").write_text(SCRIPT.read_text("utf-8"), "utf-8")
    code, said = checked(installed, "script.py")
    assert code == 0, said
    home = {"MCP_ADS_HOME": str(installed / "home"), "MCP_ADS_SANDBOX": "1"}
    python = next((installed / "venv").rglob("python"))
    done = subprocess.run(
        [python, "script.py"],
        cwd=installed,
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["all of it"]), done.stdout + done.stderr


def test_a_users_mistakes_are_found(installed: Path) -> None:
    """Each line that says it is wrong is said to be, and no other."""
    text = MISTAKES.read_text("utf-8")
    (installed / "mistakes.py").write_text(text, "utf-8")
    marked = {at for at, line in enumerate(text.splitlines(), 1) if line.endswith("# wrong")}
    _, said = checked(installed, "mistakes.py")
    assert lines_with_errors(said, "mistakes.py") == marked, said


def test_every_example_is_typed_and_none_with_an_unknown_parameter(installed: Path) -> None:
    """Every action takes what its description shows, and nothing besides what it declares."""
    (installed / "examples.py").write_text("\n".join(examples()) + "\n", "utf-8")
    code, said = checked(installed, "examples.py")
    assert code == 0, said
    wrong = [*examples("no_such_parameter=1")]
    (installed / "wrong.py").write_text("\n".join(wrong) + "\n", "utf-8")
    calls = {at for at, line in enumerate(wrong, 1) if line.startswith("    await")}
    _, said = checked(installed, "wrong.py")
    assert lines_with_errors(said, "wrong.py") == calls


@pytest.mark.vendors
def test_ides_complete_entities_actions_and_parameters(installed: Path) -> None:
    """What jedi offers in an editor: entities by their first letters, all actions, all parameters."""
    import jedi

    site = next((installed / "venv").rglob("site-packages"))
    project = jedi.Project(installed, sys_path=[str(site), *sys.path])
    head = "from mcp_ads import LinkedinAdsConnector\n"
    for begun in ("connector = LinkedinAdsConnector()\n", "with LinkedinAdsConnector() as connector:\n    "):
        lines = (
            f"{head}async def main() -> None:\n    {'async ' * begun.startswith('with')}{begun}    connector."
        )
        offered = jedi.Script(f"{lines}camp", project=project).complete()
        assert [one.name for one in offered] == ["campaign_conversions", "campaign_groups", "campaigns"]
        actions = {one.name for one in jedi.Script(f"{lines}campaigns.", project=project).complete()}
        assert {*offer("linkedin-ads").entity("campaigns").actions} <= actions
        shown = jedi.Script(f"{lines}campaigns.list(", project=project).get_signatures()
        assert {"account_id", "status", "limit", "select_fields"} <= {one.name for one in shown[0].params}
        assert "Args:" in shown[0].docstring()
