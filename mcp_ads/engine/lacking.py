"""How somebody signs in, and to which platforms nobody is: for whoever asks what there is."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from mcp_ads.core.connector import Connector
from mcp_ads.engine.wire.authority import authority
from mcp_ads.situation import program

from .search import platforms_named

if TYPE_CHECKING:
    from .workspace import Workspace

_ASKED = re.compile(
    r"\b(sign|log)(s|ged|ed|ing|ging)?[ -]?(in|on)\b|\b(connect|authenticate|authori[sz]e|credentials?)\b",
    re.IGNORECASE,
)


def lacking_lines(workspace: Workspace, among: Collection[str] = ()) -> list[str]:
    """A line for each platform, or for each of these, that has no tool because nobody is signed in to it."""
    settings = workspace.settings
    if not authority().whole:
        return []
    names = [name for name in settings.platforms if name not in settings.served]
    return [_lacking(workspace.connector(name)) for name in names if not among or name in among]


def sign_in_lines(workspace: Workspace, query: str) -> list[str]:
    """What to do, where a question is about signing in, or names a platform nobody is signed in to."""
    named, asked = platforms_named(query), _ASKED.search(query)
    if not (named or asked) or workspace.settings.sandbox:
        return []
    lines = lacking_lines(workspace, named)
    if not asked or not authority().whole:
        return lines
    served = [name for name in workspace.settings.served if not named or name in named]
    return [*(_there(workspace, name) for name in served), *lines]


def _lacking(connector: Connector) -> str:
    return (
        f"{connector.name} ({connector.title}): nobody is signed in; the user runs "
        f"`{program()} login {connector.slug}`. A running server has its tool after a restart."
    )


def _there(workspace: Workspace, name: str) -> str:
    """A platform that has a tool: its connections, and the command that signs in to it."""
    connector, platforms = workspace.connector(name), workspace.settings.of(name)
    ready = [platform.label for platform in platforms if platform.configured]
    command = f"{program()} login {connector.slug}"
    if not ready:
        return f"{name} ({connector.title}): nobody is signed in; the user runs `{command}`"
    return (
        f"{name} ({connector.title}): credentials are there ({', '.join(ready)}); "
        f"`{command} --name NAME` adds those of another client or renews NAME's"
    )
