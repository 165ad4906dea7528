"""What one connection has in its hands: its credentials, the token in use, what is known of its sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp_ads.auth.signed_in import SignedIn

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session


async def token(session: Session) -> str:
    """The access token in use, a new one where the last is over. Raises AuthError, PlatformDown."""
    ask = getattr(session.transport.client.auth, "token", None)
    if ask is None:
        return session.credentials.get("ACCESS_TOKEN", "")
    held = await ask()
    value = held.access_token if isinstance(held, SignedIn) else held.value
    session.transport.trace.hide(value)
    return str(value)
