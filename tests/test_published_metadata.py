"""What registries are told of a release: server.json and the package's own page."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from mcp_ads import __version__, docs_registry
from mcp_ads.variables import LIKE_SECRETS, VARIABLES, is_secret

ROOT = Path(__file__).parents[1]
SERVER: dict[str, Any] = json.loads((ROOT / "server.json").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FIELDS = {"$schema", "name", "title", "description", "repository", "version", "packages"}
IN_PACKAGE = {"registryType", "identifier", "version", "runtimeHint", "transport", "environmentVariables"}
IN_VARIABLE = {"name", "description", "isSecret", "format"}


def test_server_json_is_what_the_registry_documents() -> None:
    """Only fields of its form of 2025-12-11, within their bounds, of one release."""
    assert docs_registry.server_json() == (ROOT / "server.json").read_text("utf-8"), "run `make docs`"
    assert {*SERVER} == FIELDS
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", SERVER["name"])
    assert 3 <= len(SERVER["name"]) <= 200
    assert 1 <= len(SERVER["description"]) <= 100
    assert 1 <= len(SERVER["title"]) <= 100
    (package,) = SERVER["packages"]
    assert {*package} == IN_PACKAGE
    assert (package["registryType"], package["identifier"]) == ("pypi", PROJECT["project"]["name"])
    assert package["transport"] == {"type": "stdio"}
    assert {SERVER["version"], package["version"], PROJECT["project"]["version"]} == {__version__}
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_server_json_asks_for_what_is_declared() -> None:
    """Every variable a user of stdio may set is asked for, and each that opens an account as a secret."""
    asked = SERVER["packages"][0]["environmentVariables"]
    assert {field for each in asked for field in each} <= IN_VARIABLE
    names = [each["name"] for each in asked]
    left = [name for name in VARIABLES if docs_registry.LEFT_OUT.fullmatch(name)]
    assert sorted([*names, *left]) == sorted(VARIABLES)
    assert {each["name"] for each in asked if each.get("isSecret")} == {*filter(is_secret, names)}
    assert not [name for name in VARIABLES if name.endswith(LIKE_SECRETS) and not is_secret(name)]
    guards = {name for name, variable in VARIABLES.items() if variable.guard}
    assert not {name for name in guards - {*names} if "_HTTP_" not in name and "_HOST_" not in name}


def test_one_owner_everywhere() -> None:
    """README names the server as the registry does, and no address of ours names another repository."""
    assert f"<!-- mcp-name: {SERVER['name']} -->" in (ROOT / "README.md").read_text("utf-8")
    texts = [
        (ROOT / name).read_text("utf-8")
        for name in (
            "pyproject.toml",
            "README.md",
            "CHANGELOG.md",
            "server.json",
            "docs/start/index.md",
            "docs_site/zensical.toml",
        )
    ]
    found = re.findall(r"github(?:usercontent)?\.com/([\w.-]+)/mcp-ads\b", "\n".join(texts))
    assert {*found} == {docs_registry.OWNER}
    urls = PROJECT["project"]["urls"]
    assert {"Homepage", "Documentation", "Changelog", "Issues", "Source"} <= {*urls}
    assert all(url.startswith("https://") for url in urls.values())
