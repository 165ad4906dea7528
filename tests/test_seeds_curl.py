"""Every published command of the hosted API, run by curl at our host: its name is another, nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import pytest
from published import commands, filled
from serving import Served, served

THEIRS = "https://api.airbyte.ai"
LISTS = {"facebook": "ad_accounts", "linkedin": "accounts", "amazon": "profiles"}
WORKSPACES = {
    "facebook": "<EXTERNAL_USER_ID>",
    "linkedin": "<WORKSPACE_NAME>",
    "amazon": "<EXTERNAL_USER_ID>",
}
BACK = "https://yourapp.com/oauth/callback"
pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A host that an operator has just begun."""
    with served(tmp_path_factory.mktemp("host")) as found:
        yield found


def curl(host: Served, name: str, values: Mapping[str, str]) -> Any:
    """What a command prints."""
    command = filled(commands()[name].replace(THEIRS, host.url), values)
    assert THEIRS not in command
    ran = ["sh", "-ec", f'curl() {{ command curl --noproxy "*" -sS --fail-with-body "$@"; }}\n{command}']
    done = subprocess.run(ran, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, (name, done.stdout, done.stderr)
    return json.loads(done.stdout)


def consented(url: str) -> dict[str, str]:
    """The query with which whoever consents comes back."""
    for _ in range(8):
        if url.startswith(BACK):
            return dict(parse_qsl(urlsplit(url).query))
        answer = httpx.get(url, headers={"Accept": "application/json"}, trust_env=False)
        url = urljoin(url, answer.headers["location"])
    raise AssertionError(url)


@pytest.mark.slow
@pytest.mark.parametrize("platform", LISTS)
def test_each_command_does_what_is_said_of_it(platform: str, host: Served) -> None:
    """A connector is created and answers; a consent is asked for, and what comes of it answers too."""
    values = {
        **dict.fromkeys(("SCOPED_TOKEN", "BEARER_TOKEN", "YOUR_BEARER_TOKEN"), host.token()),
        "YOUR_ORGANIZATION_ID": host.client.organization_id,
        "START_DATE": "2024-01-01", "ACCOUNT_IDS": "1234567890",
        "entity": LISTS[platform], "action": "list",
    }  # fmt: skip
    made = curl(host, f"{platform}_create", values)
    answer = curl(host, f"{platform}_execute", {**values, "connector_id": made["id"]})
    assert (answer["status"], bool(answer["result"])) == ("success", True)
    back = consented(curl(host, f"{platform}_initiate", values)["consent_url"])
    there = back.get("connector_id", "")
    if f"{platform}_create_by_secret" in commands():
        values["secret_id_from_callback"] = back["secret_id"]
        there = curl(host, f"{platform}_create_by_secret", values)["id"]
        assert curl(host, f"{platform}_create_by_secret", values)["id"] == there
    assert there != made["id"]
    answer = curl(host, f"{platform}_execute", {**values, "connector_id": there})
    assert (answer["status"], bool(answer["result"])) == ("success", True)
    listed = host.asked(
        "GET", f"/api/v1/integrations/connectors?workspace_name={WORKSPACES[platform]}"
    ).json()
    assert {made["id"], there} <= {one["id"] for one in listed["data"]}


def test_every_command_is_run() -> None:
    """None of the published ones is left out."""
    ends = ("create", "execute", "initiate", "create_by_secret")
    assert {*commands()} <= {f"{platform}_{end}" for platform in LISTS for end in ends}
    assert len(commands()) == 11
