"""Forms that ask a platform about the credentials in use: filled in when sent, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.core import Request
from mcp_ads.core.bodies import Credentials
from mcp_ads.errors import NotConfigured, NotOffered

if TYPE_CHECKING:
    from .connection import Connection

TOKEN = "ACCESS_TOKEN"  # noqa: S105 - its name


async def access_token(connection: Connection) -> str:
    """The access token in use, a new one where the last is over. Raises AuthError, PlatformDown."""
    ask = getattr(connection.transport.client.auth, "token", None)
    if ask is None:
        return connection.credentials.get(TOKEN, "")
    held = await ask()
    value = held.access_token if isinstance(held, SignedIn) else held.value
    connection.transport.trace.hide(value)
    return str(value)


async def filled_in(connection: Connection, request: Request) -> Request:
    """The request with the credentials its form names, to be sent as nobody; it is shown as it was.

    Raises NotConfigured where one is not set, NotOffered where Airbyte has them, AuthError, PlatformDown.
    """
    assert isinstance(request.body, Credentials)
    if connection.platform.airbyte:
        raise NotOffered("Airbyte has the credentials, and tells nothing of them", fix="look there")
    asked = request.body.names.values()
    known = {name: connection.credentials.get(name, "") for name in asked if name != TOKEN}
    if missing := [f"{connection.platform.prefix}_{name}" for name, value in known.items() if not value]:
        raise NotConfigured(
            f"it takes {' and '.join(missing)}, and without them nobody tells about a token",
            fix=f"set {' and '.join(missing)}: those of the app the token was made for",
        )
    for value in known.values():
        connection.transport.trace.hide(value)
    values = known | ({TOKEN: await access_token(connection)} if TOKEN in asked else {})
    return replace(request, body=replace(request.body, values=values), shown=request)
