"""A Python that has Airbyte's package, unmodified and apart from ours; its own frameworks beside it."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from shell import environment

VERSION = "airbyte-agent-sdk==0.1.380"
BESIDE = ("pydantic-ai-slim>=2.30,<3", "langchain-core>=1,<2", "openai-agents>=0.20,<1", "fastmcp>=3,<4")
TRIALS = Path(__file__).with_name("trials.py")
KEPT = "AIRBYTE_SDK_PYTHON"
"""Names one that is there already, with the frameworks."""


@pytest.fixture(scope="session")
def airbyte_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It, made once for all workers of a run."""
    if known := os.environ.get(KEPT):
        return Path(known)
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    made = shared / "airbyte" / "bin" / "python"
    with (shared / "airbyte.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make(made.parent.parent)
    return made


def _make(folder: Path) -> None:
    for words in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--no-input", VERSION, *BESIDE],
    ):
        done = subprocess.run(
            words, env=environment({}), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=400,
            check=False,
        )  # fmt: skip
        if done.returncode:
            (folder / "bin" / "python").unlink(missing_ok=True)
            why = f"pip could not install {VERSION}: {done.stderr.strip()[-300:]}"
            pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)


def fetched(python: Path, package: str, folder: Path) -> Path:
    """A folder with one of their packages in it, unpacked: older ones say that they want another Python."""
    words = [
        str(python),
        "-m",
        "pip",
        "download",
        "-q",
        "--no-input",
        "--no-deps",
        "--ignore-requires-python",
    ]
    done = subprocess.run(
        [*words, "--dest", str(folder), package], env=environment({}), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    found = [*folder.glob("*.whl")]
    if not found:
        why = f"pip could not fetch {package}: {done.stderr.strip()[-300:]}"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    with zipfile.ZipFile(found[0]) as wheel:
        wheel.extractall(folder / "unpacked")
    return folder / "unpacked"


def tried(python: Path | str, package: str, given: dict[str, Any], **variables: str) -> dict[str, Any]:
    """What trials of a package say of a host."""
    quiet = {"AIRBYTE_TELEMETRY_MODE": "disabled", "SDK_DEV_ADP_API_HOST": given["url"], "NO_PROXY": "*"}
    done = subprocess.run(
        [str(python), str(TRIALS), package], env=environment({**quiet, **variables}), cwd=TRIALS.parent,
        input=json.dumps(given), capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
