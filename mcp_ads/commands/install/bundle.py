"""An .mcpb bundle: this installation's code with a manifest, for Claude Desktop to install with a click.

The server type is `uv` (manifest 0.4): some of what we depend on is compiled for one system, which a bundle
for all systems cannot carry, so the client's uv installs it. Sources: MCPB's manifest specification and
schemas/0.4 of modelcontextprotocol/mcpb.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mcp_ads.files import private_files
from mcp_ads.settings_values import path_of
from mcp_ads.version import __version__

from .writing import CannotInstall

PACKAGE = Path(__file__).parents[2]
SUFFIX = ".mcpb"
MADE = (1980, 1, 1, 0, 0, 0)
"""The time of every file in it: the same code gives the same bundle."""


class Field(NamedTuple):
    """A question of the client's form, whose answer becomes a variable."""

    title: str
    text: str
    sensitive: bool = False
    kind: str = "string"


ALL = "allow-list, separated by commas; empty: all that the sign-in sees"
FIELDS = {
    "FACEBOOK_MARKETING_ACCESS_TOKEN": Field(
        "Facebook access token",
        "with ads_read, and ads_management for changes; empty where `mcp-ads login` was used",
        sensitive=True,
    ),
    "FACEBOOK_MARKETING_CLIENT_SECRET": Field(
        "Facebook app secret", "the secret of the token's app; not needed by most", sensitive=True
    ),
    "FACEBOOK_MARKETING_ACCOUNT_IDS": Field("Facebook ad accounts", ALL),
    "LINKEDIN_ADS_ACCESS_TOKEN": Field(
        "LinkedIn access token", "of the developer portal, good for 60 days", sensitive=True
    ),
    "LINKEDIN_ADS_ACCOUNT_IDS": Field("LinkedIn ad accounts", ALL),
    "AMAZON_ADS_REFRESH_TOKEN": Field(
        "Amazon refresh token", "begins with Atzr; needs the next two as well", sensitive=True
    ),
    "AMAZON_ADS_CLIENT_ID": Field("Amazon client id", "of the Login with Amazon profile"),
    "AMAZON_ADS_CLIENT_SECRET": Field("Amazon client secret", "of the same profile", sensitive=True),
    "AMAZON_ADS_ACCOUNT_IDS": Field("Amazon profiles", ALL),
    "MCP_ADS_MAX_DAILY_BUDGET": Field(
        "Most a daily budget may be",
        "such as 100 USD, 90 EUR: other currencies are then refused; empty: no cap",
    ),
    "MCP_ADS_FILES": Field(
        "Folder for files", "the only one that is read from or written to; empty: none", kind="directory"
    ),
    "MCP_ADS_SANDBOX": Field(
        "Sandbox",
        "three make-believe platforms with invented data; nothing else is used then",
        kind="boolean",
    ),
}
SERVER = '''\
"""What the client starts: mcp-ads over stdio. A question that was left empty sets nothing."""

import os

for name in {names!r}:
    if not os.environ.get(name, "").strip() or os.environ[name].startswith("${{"):
        os.environ.pop(name, None)

from mcp_ads.__main__ import main

main()
'''


def bundle(file: str) -> Path:
    """Write the bundle; raises BadSettings for what is no path, CannotInstall where it cannot be."""
    path = path_of("--bundle", file).absolute()
    if path.suffix != SUFFIX:
        raise CannotInstall(f"--bundle: {path.name} has to end in {SUFFIX}")
    if path.exists() and not path.is_file():
        raise CannotInstall(f"--bundle: {path} is not a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        private_files.replace(path, _zipped())
    except OSError as error:
        raise CannotInstall(f"--bundle: {path} cannot be written: {error.strerror}") from None
    return path


def _zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files():
            info = zipfile.ZipInfo(name, MADE)
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return made.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    yield "manifest.json", f"{json.dumps(manifest(), indent=2)}\n".encode()
    yield "pyproject.toml", _project().encode()
    yield "server.py", SERVER.format(names=tuple(FIELDS)).encode()
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        own = "__pycache__" not in parts and not any(
            part.startswith(".") for part in parts
        )  # somebody's .env
        if path.is_file() and own and path.suffix != ".pyi":
            yield f"{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}", path.read_bytes()


def manifest() -> dict[str, Any]:
    """What the client reads: how the server is started, and what it asks the user for."""
    return {
        "manifest_version": "0.4",
        "name": "mcp-ads",
        "display_name": "mcp-ads: Facebook, LinkedIn and Amazon ads",
        "version": __version__,
        "description": _metadata()["Summary"],
        "author": {"name": "the authors of mcp-ads"},
        "license": "MIT",
        **_addresses(),
        "keywords": ["advertising", "facebook", "linkedin", "amazon"],
        "tools_generated": True,
        "server": {
            "type": "uv",
            "entry_point": "server.py",
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--quiet", "--directory", "${__dirname}", "server.py"],
                "env": {name: f"${{user_config.{name.lower()}}}" for name in FIELDS},
            },
        },
        "compatibility": {
            "platforms": ["darwin", "win32", "linux"],
            "runtimes": {"python": _metadata()["Requires-Python"]},
        },
        "user_config": {name.lower(): _question(field) for name, field in FIELDS.items()},
    }


def _addresses() -> dict[str, Any]:
    """Where the project is, as the package says it."""
    named = dict(line.split(", ", 1) for line in _metadata().get_all("Project-URL") or [])
    places = {"homepage": "Homepage", "documentation": "Documentation", "support": "Issues"}
    repository = {"repository": {"type": "git", "url": named["Source"]}} if "Source" in named else {}
    return repository | {field: named[name] for field, name in places.items() if name in named}


def _question(field: Field) -> dict[str, Any]:
    asked = {"type": field.kind, "title": field.title, "description": field.text, "required": False}
    if field.sensitive:
        asked["sensitive"] = True
    if field.kind != "directory":
        asked["default"] = False if field.kind == "boolean" else ""
    return asked


def _project() -> str:
    """What uv reads: the dependencies of this installation, without its extras."""
    needs = [need for need in importlib.metadata.requires("mcp-ads") or [] if "extra ==" not in need]
    lines = "".join(f"  {json.dumps(need)},\n" for need in needs)
    return (
        f'[project]\nname = "mcp-ads-bundle"\nversion = "{__version__}"\n'
        f'requires-python = "{_metadata()["Requires-Python"]}"\ndependencies = [\n{lines}]\n\n'
        "[tool.uv]\npackage = false\n"
    )


def _metadata() -> importlib.metadata.PackageMetadata:
    return importlib.metadata.metadata("mcp-ads")
