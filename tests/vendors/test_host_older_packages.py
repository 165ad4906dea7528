"""The host as Airbyte's older packages see it, one for each connector: they execute, list, check, sign in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from airbyte_python import airbyte_python, fetched
from serving import Served, served
from shell import environment

__all__ = ["airbyte_python"]
pytestmark = [pytest.mark.vendors, pytest.mark.slow, pytest.mark.timeout(600)]
OLDER = {
    "facebook-marketing": ("0.1.0", "0.1.10", "0.1.35", "0.1.55", "0.1.71"),
    "amazon-ads": ("0.1.0", "0.1.40", "0.1.78"),
    "linkedin-ads": ("0.1.0", "0.1.18"),
}
TRIALS = Path(__file__).parent.parent / "older_trials.py"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A host with a connector of each kind in the workspace `shop`."""
    with served(tmp_path_factory.mktemp("host")) as found:
        for slug in OLDER:
            found.created(slug, "shop")
        yield found


@pytest.mark.parametrize(("slug", "version"), [(slug, one) for slug in OLDER for one in OLDER[slug]])
def test_a_release_of_before(
    slug: str, version: str, host: Served, airbyte_python: Path, tmp_path: Path
) -> None:
    """What it has of executing, typed lists, checks and consent URLs works."""
    module = f"airbyte_agent_{slug.replace('-', '_')}"
    wheel = fetched(airbyte_python, f"airbyte-agent-{slug}=={version}", tmp_path)
    quiet = {"SDK_DEV_ADP_API_HOST": host.url, "AIRBYTE_TELEMETRY_MODE": "disabled", "NO_PROXY": "*"}
    done = subprocess.run(
        [str(airbyte_python), str(TRIALS), module], input=json.dumps(
            {"url": host.url, "workspace": "shop", **vars(host.client)}
        ), env=environment({**quiet, "PYTHONPATH": str(wheel)}), cwd=tmp_path, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found.pop("checked", "healthy") == "healthy", found
    if "consent" in found:
        assert str(found.pop("consent")).startswith(f"{host.url}/")
    assert all(isinstance(rows, int) and rows > 0 for rows in found.values()), found
    assert {*found} == {"executed", "listed"}
