"""deploy/: the Containerfile's steps in a fresh environment, and what compose.yaml hands to it."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shell import environment

from mcp_ads.variables import VARIABLES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each with what it says."""
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(name, rest) for name, _, rest in pairs]


def said(name: str) -> list[str]:
    """What the instructions of a name say."""
    return [rest for known, rest in steps() if known == name]


def test_it_runs_as_nobody_special_and_writes_to_one_volume() -> None:
    """A user without rights, one volume that is the home, and a check of health by Python alone."""
    (volume,), (user,) = said("VOLUME"), said("USER")
    assert user not in ("0", "root")
    assert f"MCP_ADS_HOME={volume}" in said("ENV")[0]
    assert f"--uid {user} " in said("RUN")[1]
    assert said("HEALTHCHECK")[0].startswith('CMD ["python"')


def test_compose_hands_over_what_is_known() -> None:
    """Every variable is one of ours, secrets come from outside, and the file system is read-only."""
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    host = text.partition("  database:")[0]
    given = re.findall(r"^      ([A-Z_]+):", host, re.MULTILINE)
    assert {"DATABASE_URL", "MCP_ADS_HOST_KEY"} <= {*given} <= VARIABLES.keys()
    assert "read_only: true" in host
    assert not re.search(r"(PASSWORD|_KEY|_SECRET): +\"?[^\"$\s{]", text)


@pytest.mark.slow
def test_its_steps_make_a_server_that_answers(tmp_path: Path) -> None:
    """COPY, RUN, CMD and HEALTHCHECK as they are written, in an empty environment and another port."""
    app, home = tmp_path / "app", tmp_path / "home"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    known = {"MCP_ADS_HOME": str(home), "MCP_ADS_HOST_KEY": base64.b64encode(os.urandom(32)).decode(),
             "MCP_ADS_HOST_PUBLIC_URL": "https://ads.example.com", "MCP_ADS_SANDBOX": "1"}  # fmt: skip
    variables = {**environment(known), "HOME": str(home)}
    variables["PATH"] = f"{tmp_path / 'venv' / 'bin'}:{variables['PATH']}"
    for name, rest in steps():
        if name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                _copy(ROOT / source, app / target, whole=target.endswith("/"))
        if name == "RUN" and "useradd" not in rest:
            done = subprocess.run(
                shlex.split(rest), cwd=app, env=variables, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [*json.loads(said("CMD")[0]), "--port", port]
    check = json.loads(said("HEALTHCHECK")[0].removeprefix("CMD ").replace("8780", port))
    with subprocess.Popen(command, cwd=home, env=variables, stderr=subprocess.PIPE, text=True) as server:
        try:
            until = time.monotonic() + 60
            while subprocess.run(check, env=variables, capture_output=True, check=False).returncode:
                assert time.monotonic() < until, server.stderr and server.poll()
                time.sleep(0.5)
        finally:
            server.terminate()
            server.wait(30)


def _copy(source: Path, target: Path, *, whole: bool) -> None:
    if source.is_file():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    else:
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, target / source.name if whole else target, ignore=skip)
