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
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from engine_client import PROFILE, US
from planning import SPRING
from shell import environment

from mcp_ads.variables import VARIABLES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
REPORT = {"profile_id": PROFILE, "report_type_id": "spCampaigns"}
CONNECTOR = {
    "workspace_name": "acme", "connector_type": "facebook-marketing", "name": "Facebook",
    "credentials": {"access_token": "t" * 40}, "replication_config": {"account_ids": US},
}  # fmt: skip


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
    assert "tmpfs" not in host
    assert not re.search(r"(PASSWORD|_KEY|_SECRET): +\"?[^\"$\s{]", text)


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """A folder in which COPY and RUN were carried out: `app`, `venv` and an empty `home`."""
    there = Path(tempfile.mkdtemp())
    there.chmod(0o755)  # another user is to look into it, which pytest's own folders do not let
    (there / "home").mkdir()
    subprocess.run([sys.executable, "-m", "venv", there / "venv"], check=True)
    for name, rest in steps():
        if name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                _copy(ROOT / source, there / "app" / target, whole=target.endswith("/"))
        if name == "RUN" and "useradd" not in rest:
            done = subprocess.run(
                shlex.split(rest), cwd=there / "app", env=known_to(there), capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr
    yield there
    shutil.rmtree(there)


def known_to(image: Path) -> dict[str, str]:
    """The environment of the image, with what whoever runs it has to say."""
    home = str(image / "home")
    key = base64.b64encode(bytes(32)).decode()
    known = {"MCP_ADS_HOME": home, "MCP_ADS_HOST_KEY": key, "MCP_ADS_SANDBOX": "1", "HOME": home,
             "MCP_ADS_HOST_PUBLIC_URL": "https://ads.example.com",
             "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    variables = environment(known)
    return {**variables, "PATH": f"{image / 'venv' / 'bin'}:{variables['PATH']}"}


def closed(image: Path) -> list[str]:
    """What runs a command as the image's user, on a file system that is read-only but for the volume.

    Its Python may lie where that user cannot look, so that it may read everything.
    """
    (user,), home = said("USER"), shlex.quote(str(image / "home"))
    script = f"chown {user}:{user} {home} && mount --bind {home} {home} && mount -o remount,ro,bind / && "
    script += "for at in /dev/shm /tmp /run; do mount -o remount,ro,bind $at 2>/dev/null || true; done; "
    script += f"exec setpriv --reuid={user} --regid={user} --clear-groups "
    script += "--bounding-set=-all,+dac_read_search --inh-caps=-all,+dac_read_search "
    script += '--ambient-caps=+dac_read_search "$@"'
    return ["unshare", "--mount", "sh", "-c", script, "sh"]


def answers(image: Path, starts: list[str], use: Callable[[str], None]) -> None:
    """Start what CMD says until HEALTHCHECK finds it well, and use it at its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [*starts, *json.loads(said("CMD")[0]), "--port", port]
    check = json.loads(said("HEALTHCHECK")[0].removeprefix("CMD ").replace("8780", port))
    env, folder = known_to(image), image / "app"
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as server:
        try:
            until = time.monotonic() + 60
            while subprocess.run(check, env=env, capture_output=True, check=False).returncode:
                assert time.monotonic() < until, server.stderr and server.poll()
                time.sleep(0.5)
            use(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait(30)


@pytest.mark.slow
def test_its_steps_make_a_server_that_answers(image: Path) -> None:
    """COPY, RUN, CMD and HEALTHCHECK as they are written, in an empty environment and another port."""
    answers(image, [], lambda _: None)
    shutil.rmtree(image / "home")
    (image / "home").mkdir()


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("unshare"), reason="only root may mount")
def test_nothing_but_the_volume_is_written(image: Path) -> None:
    """As a user without rights, without /tmp: reads, reports, plans, REST and MCP all work."""
    jail, env = closed(image), known_to(image)

    def run(*words: str) -> str:
        done = subprocess.run(
            [*jail, *words], cwd=image / "app", env=env, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert run("id", "-u").strip() == said("USER")[0]
    for folder in (image / "app", "/tmp", "/dev/shm", "/var/tmp", Path.home()):
        code = f"import pathlib; pathlib.Path({str(folder)!r}, 'written').touch()"
        tried = subprocess.run([*jail, "python", "-c", code], env=env, capture_output=True, check=False)
        assert tried.returncode, folder
    run("mcp-ads", "call", "facebook", "campaigns", "list", "--params", json.dumps({"account_id": US}))
    run("mcp-ads", "call", "amazon", "reports", "run", "--params", json.dumps(REPORT))
    pause = json.dumps({"campaign_id": SPRING})
    planned = run("mcp-ads", "call", "facebook", "campaigns", "pause", "--params", pause)
    plan = re.search(r"pause-[A-Za-z0-9.:_-]+", planned)
    assert plan, planned
    assert "APPLIED" in run("mcp-ads", "apply", plan[0])
    client = json.loads(run("mcp-ads", "host", "init", "--organization", "main", "--json"))

    def use(url: str) -> None:
        given = {name: client[name] for name in ("client_id", "client_secret")}
        token = httpx.post(f"{url}/api/v1/account/applications/token", json=given).json()["access_token"]
        allowed = {"Authorization": f"Bearer {token}"}
        made = httpx.post(f"{url}/api/v1/integrations/connectors", json=CONNECTOR, headers=allowed).json()
        call = {"entity": "campaigns", "action": "list", "params": {"account_id": US}}
        path = f"{url}/api/v1/integrations/connectors/{made['id']}/execute"
        found = httpx.post(path, json=call, headers=allowed, timeout=60)
        assert (found.status_code, "SANDBOX" in found.text) == (200, True), found.text[:500]

    answers(image, jail, use)
    written = {path.relative_to(image / "home").parts[0] for path in (image / "home").rglob("*")}
    assert {"host", "sandbox"} <= written


def _copy(source: Path, target: Path, *, whole: bool) -> None:
    if source.is_file():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    else:
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, target / source.name if whole else target, ignore=skip)
