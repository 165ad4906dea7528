"""`host link`: a one-time link with which an end user signs in."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.commands.streams import note, say
from mcp_ads.core.synonyms import closest_of
from mcp_ads.errors import BadSettings, UnknownAction
from mcp_ads.host.catalog import DEFINITIONS, Definition, named
from mcp_ads.host.oauth.beginning import app_for, no_app
from mcp_ads.host.store import links, organizations, workspaces
from mcp_ads.settings_values import Values

from .here import at_host, check_name
from .options import LinkOptions

HOUR, MOST = 3600, 168
"""Seconds of an hour; the hours of a week."""


def link(connector: str, options: LinkOptions) -> int:
    """Make a link and print it alone, once. Raises BadSettings with a line for each mistake."""
    definition, workspace, name = _checked(connector, options)
    where = options.organization

    async def make(connection: AsyncConnection) -> tuple[str, bool, bool]:
        there = await organizations.meant(connection, where)
        new = await workspaces.named(connection, there.id, workspace) is None
        place = await workspaces.ensure(connection, there.id, workspace)
        app = await app_for(host, connection, there.id, definition, options.url)
        asked = {"name": name, "config": {}}
        seconds = options.hours * HOUR
        token = await links.make(connection, (there.id, place.id, definition.slug), asked, seconds)
        return token, new, app is not None

    with at_host(env_file=options.env_file) as host:
        token, new, has_app = host.database.wait(make)
        base = host.settings.public_url or options.url.rstrip("/")
    say(f"{base}/link/{token}")
    made = " (a new one)" if new else ""
    note(
        f"Whoever opens it within {options.hours} h and agrees at the platform makes one {definition.title} "
        f"connector in workspace {workspace}{made}. It works once, and is not shown again."
    )
    if definition.needed - {"start_date"}:
        needed = ", ".join(sorted(definition.needed - {"start_date"}))
        note(
            f"The connector has no {needed} at first; PUT …/connectors/{{id}} sets it, and it limits nothing."
        )
    if not has_app:
        note(f"The link leads nowhere yet, as far as is known here: {no_app(definition)}")
    return 0


def _checked(connector: str, options: LinkOptions) -> tuple[Definition, str, str]:
    """The kind, the workspace's name and the connector's. Raises BadSettings with every mistake."""
    mistakes: list[str] = []
    Values({}, mistakes).check_url("--url", options.url)
    if not 1 <= options.hours <= MOST:
        mistakes.append(f"--hours: 1 to {MOST}")
    names = {"--workspace": options.workspace} | (
        {"--name": options.name} if options.name is not None else {}
    )
    found: dict[str, str] = {}
    for option, text in names.items():
        try:
            found[option] = check_name(text, option)
        except BadSettings as error:
            mistakes.extend(error.lines)
    try:
        definition = named(connector)
    except UnknownAction as error:
        mistakes.insert(0, f"CONNECTOR: {error}{closest_of(connector, DEFINITIONS)}")
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return definition, found["--workspace"], found.get("--name", definition.title)
