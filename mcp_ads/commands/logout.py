"""`logout`: what a sign-in gave is forgotten here; at the platform it is taken back by whoever gave it."""

from __future__ import annotations

from mcp_ads.auth import vault as vaults
from mcp_ads.auth.signing_in import keeping, signing_in
from mcp_ads.connectors import canonical
from mcp_ads.platforms import SHORT
from mcp_ads.settings import load

from .streams import FAILED, complain, note, say


def logout(name: str) -> int:
    """Forget the credentials of a connection, by its name or by its connector's for the first one."""
    settings = load()
    vault = vaults.vault(settings.home, may_prompt=True, keyring=settings.keyring)
    known = name.strip().lower()
    label = known if known in vault.names() else SHORT.get(canonical(name), known)
    if label not in vault.names():
        there = ", ".join(vault.names()) or "nobody else either"
        complain(f"{name}: nobody is signed in under that name; there is {there}")
        return FAILED
    facts = vault.facts(label)
    keeping.forget(settings.home, vault, label)
    say(f"{label}: forgotten; `mcp-ads login` signs in again")
    if facts:
        signing = signing_in(facts.connector)
        note(
            f"{signing.title} still takes the token, {keeping.until(facts)}: take it back at {signing.revoke}"
        )
    for several in settings.connections.values():
        for platform in several:
            if platform.label == label and platform.credentials:
                note(f"{platform.prefix}_… is set and goes on being used")
    return 0
