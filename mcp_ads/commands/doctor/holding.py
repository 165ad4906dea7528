"""What one connection has in its hands: its credentials, the token in use, what is known of its sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mcp_ads.auth.signed_in import SignedIn

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session


def credentials(session: Session) -> Mapping[str, str]:
    """The credentials, by the names that variables end in. Raises NotConfigured."""
    return session.credentials


async def token(session: Session) -> str:
    """The access token in use, a new one where the last is over. Raises AuthError, PlatformDown."""
    ask = getattr(session.transport.client.auth, "token", None)
    if ask is None:
        return credentials(session).get("ACCESS_TOKEN", "")
    held = await ask()
    value = held.access_token if isinstance(held, SignedIn) else held.value
    session.transport.trace.hide(value)
    return str(value)


def known(session: Session) -> SignedIn | None:
    """What is known of the sign-in: by what renews it, else by what was stored."""
    ask = getattr(session.transport.client.auth, "known", None)
    return (ask() if ask else None) or session.platform.signed_in
