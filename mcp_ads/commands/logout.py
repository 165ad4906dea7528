"""`logout`: what a sign-in gave is forgotten here; at the platform it is taken back by whoever gave it."""

from __future__ import annotations

from mcp_ads.auth import vault as vaults
from mcp_ads.auth.signing_in import keeping, signing_in
from mcp_ads.connectors import canonical
from mcp_ads.core.synonyms import cut
from mcp_ads.platforms import SHORT, Platform
from mcp_ads.settings import load
from mcp_ads.situation import login_command

from .streams import FAILED, complain, note, say


def logout(name: str) -> int:
    """Forget the credentials of a connection, by its name or by its connector's for the first one."""
    settings = load()
    vault = vaults.vault(settings.home, may_prompt=True, keyring=settings.keyring)
    known = name.strip().lower()
    label = known if known in vault.names() else SHORT.get(canonical(name), known)
    if label not in vault.names():
        there = f"there is {', '.join(vault.names())}" if vault.names() else "nobody is signed in at all"
        complain(f"{cut(name)}: nobody is signed in under that name; {there}")
        return FAILED
    facts = vault.facts(label)
    again = login_command(Platform(facts.connector, connection=label, signed_in=facts)) if facts else ""
    keeping.forget(settings.home, vault, label)
    say(f"{label}: forgotten{f'; `{again}` signs in again' if again else ''}")
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
