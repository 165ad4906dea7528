"""Keeping what a sign-in gave: the credentials in the vault, app and accounts in connections.toml."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from mcp_ads import connections
from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault import Vault
from mcp_ads.errors import AdsError


def keep(
    home: Path, vault: Vault, name: str, signed_in: SignedIn, accounts: tuple[str, ...], default: str
) -> None:
    """Keep both or none. Raises NoRecord, BadSettings; what was kept before is then as it was."""
    known = connections.read(home).get(name)
    region = known.region if known else ""
    written = connections.Connection(
        name, signed_in.connector, signed_in.client_id, accounts, default, region
    )
    # What limits the credentials is there before they are: whenever this ends, no account is open by mistake.
    connections.save(home, written)
    try:
        vault.write(name, signed_in)
    except AdsError:
        with contextlib.suppress(AdsError):
            if known:
                connections.save(home, known)
            else:
                connections.remove(home, name)
        raise


def until(signed_in: SignedIn) -> str:
    """Until when it can be used without signing in again, in words."""
    ends = signed_in.refresh_ends if signed_in.refresh_token else signed_in.access_ends
    if ends:
        return f"until {datetime.fromtimestamp(ends, UTC).date()}"
    return "without end" if signed_in.kind == "system user" else "until an end that is not known"
