"""The packages of a release, built once: what is in them, that PyPI takes them, that each starts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[1]
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
ASKED = (
    {"id": 1, "method": "initialize", "params": HELLO},
    {"method": "notifications/initialized"},
    {"id": 2, "method": "tools/list", "params": {}},
)
TOOLS = [
    "facebook_marketing_execute", "linkedin_ads_execute", "amazon_ads_execute", "ads_describe", "ads_apply",
]  # fmt: skip
"""Those of a server without credentials, which has no account to ask about."""


def alone(here: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Variables of a program that has nothing of this shell's but a PATH, and a home of its own."""
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("UV_", "PIP_", "SSL_", "HTTP"))}
    return {**kept, "PATH": os.environ["PATH"], "HOME": str(here), "LANG": "C.UTF-8", **variables}


def run(*words: str | Path, here: Path, **variables: str) -> str:
    """What a program prints, in a home of its own."""
    done = subprocess.run(
        [*map(str, words)], cwd=here, env=alone(here, variables),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def tools_of(*words: str | Path, here: Path, **variables: str) -> list[str]:
    """The tools that a server lists over stdio; its stdin stays open until it has."""
    given: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*map(str, words)], cwd=here, env=alone(here, variables), **given) as server:
        assert server.stdin
        assert server.stdout
        for message in ASKED:
            server.stdin.write(f"{json.dumps({'jsonrpc': '2.0', **message})}\n")
        server.stdin.flush()
        answers = (json.loads(line) for line in server.stdout)
        listed = next(answer["result"] for answer in answers if answer.get("id") == 2)
        server.stdin.close()
    return [tool["name"] for tool in listed["tools"]]


def files_of_the_repository(records: Path) -> list[str]:
    """What .gitignore does not name, by empty records: a copy of the repository has none of its own."""
    git = ["git", f"--git-dir={records}", f"--work-tree={ROOT}"]
    run(*git, "init", "--quiet", here=records.parent)
    return run(
        *git, "-C", ROOT, "ls-files", "--others", "--exclude-standard", here=records.parent
    ).splitlines()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel made of it."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, here=folder)
    return folder


@pytest.fixture
def sdist(built: Path) -> Path:
    """The sdist."""
    return next(built.glob("*.tar.gz"))


@pytest.fixture
def wheel(built: Path) -> Path:
    """The wheel made of the sdist."""
    return next(built.glob("*.whl"))


def test_the_sdist_is_whole(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    """It has every file of the repository and no other, and its wheel is that of the repository."""
    with tarfile.open(sdist) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    there = {*files_of_the_repository(tmp_path / "git")}
    assert there - names == set(), "name it in pyproject.toml, [tool.hatch.build.targets.sdist]"
    fresh = {name for name in names - there if not (ROOT / name).is_file()}
    assert fresh == {"PKG-INFO"}
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT, here=tmp_path)
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(tmp_path / wheel.name) as other:
        assert one.namelist() == other.namelist()
        assert [name for name in one.namelist() if one.read(name) != other.read(name)] == []


def test_the_page_at_pypi(wheel: Path) -> None:
    """No link of README leads nowhere there, and the registry finds its name in it."""
    with zipfile.ZipFile(wheel) as packed:
        name = next(name for name in packed.namelist() if name.endswith("METADATA"))
        text = packed.read(name).decode()
    links = re.findall(r"\]\(([^)\s]+)", text)
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert "mcp-name: io.github." in text


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_starts_in_an_empty_home(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    """Installed and asked from an empty home it lists its tools, and the demo runs."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    site = next((tmp_path / "venv").rglob("site-packages"))
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", request.getfixturevalue(kind), here=tmp_path)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    home = tmp_path / "home"
    home.mkdir()
    program = python.with_name("mcp-ads")
    assert str(site) in run(python, "-c", "import mcp_ads; print(mcp_ads.__file__)", here=home)
    assert tools_of(program, here=home) == TOOLS
    assert "PLAN" in run(program, "demo", here=home)


@pytest.mark.vendors
def test_pypi_would_take_them(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    """Twine finds nothing to say of either, its long description included."""
    assert UV, "uv, of the extra `vendors`, is not installed"
    twine = (UV, "tool", "run", "--quiet", "--from", "twine>=7,<8", "twine")
    assert run(*twine, "check", "--strict", sdist, wheel, here=tmp_path).count("PASSED") == 2


@pytest.mark.vendors
@pytest.mark.parametrize("way", ["uvx", "pipx run", "pipx install"])
def test_from_a_checkout(tmp_path: Path, way: str) -> None:
    """The lines of uv and pipx for a checkout start the server in an empty home."""
    assert UV, "uv, of the extra `vendors`, is not installed"
    uvx = (UV, "tool", "run", "--quiet")
    if way == "uvx":
        assert tools_of(*uvx, "--from", ROOT, "mcp-ads", "serve", here=tmp_path)
        return
    pipx, at = (*uvx, "--from", "pipx>=1.8,<2", "pipx"), {"PIPX_HOME": str(tmp_path / "pipx")}
    if way == "pipx run":
        assert run(*pipx, "run", "--spec", ROOT, "mcp-ads", "--version", here=tmp_path, **at).strip()
        return
    run(*pipx, "install", ROOT, here=tmp_path, PIPX_BIN_DIR=str(tmp_path / "bin"), **at)
    assert tools_of(tmp_path / "bin" / "mcp-ads", "serve", here=tmp_path)


@pytest.mark.vendors
def test_the_bundle_starts_in_an_empty_home(tmp_path: Path) -> None:
    """Unpacked, started by its own command with every question left empty, it lists its tools."""
    assert UV, "uv, of the extra `vendors`, is not installed"
    run(
        sys.executable,
        "-P",
        "-m",
        "mcp_ads",
        "install",
        "claude-desktop",
        "--bundle",
        "x.mcpb",
        here=tmp_path,
    )
    with zipfile.ZipFile(tmp_path / "x.mcpb") as packed:
        packed.extractall(tmp_path / "unpacked")
    server = json.loads((tmp_path / "unpacked/manifest.json").read_text())["server"]["mcp_config"]
    words = [word.replace("${__dirname}", str(tmp_path / "unpacked")) for word in server["args"]]
    home = tmp_path / "home"
    home.mkdir()
    empty = dict.fromkeys(server["env"], "") | {"MCP_ADS_SANDBOX": "false"}
    assert tools_of(UV, *words, here=home, **empty) == TOOLS
