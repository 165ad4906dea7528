"""Keeping what a sign-in gave: the credentials in the vault, app and accounts in connections.toml."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mcp_ads import connections
from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.vault_protocol import Vault
from mcp_ads.auth.vault_tokens import forget_tokens
from mcp_ads.errors import AdsError, NoRecord
from mcp_ads.files.lock import held

WAITS = 15.0
"""Seconds a renewal is waited for, which takes ten at most."""


def keep(
    home: Path,
    vault: Vault,
    name: str,
    signed_in: SignedIn,
    accounts: tuple[str, ...] | None = None,
    default: str | None = None,
) -> connections.Connection:
    """Keep both or none; the connection as it is written down now.

    Accounts and default that are left out stay as they were written down, also where somebody has changed
    them during the sign-in. Raises NoRecord, BadSettings; what was kept before is then as it was.
    """
    with alone(vault, name):
        tables = connections.read(home)
        known = tables.get(name)
        _check_table(vault, name, tables)
        old = known or connections.Connection(name, signed_in.connector)
        written = replace(
            old,
            client_id=signed_in.client_id,
            accounts=old.accounts if accounts is None else accounts,
            default_account=old.default_account if default is None else default,
        )
        # What limits the credentials is there before they are: whenever this ends, no account is open by
        # mistake.
        connections.save(home, written)
        try:
            vault.write(name, replace(signed_in, serial=secrets.token_hex(8)))
        except AdsError:
            with contextlib.suppress(AdsError):
                if known:
                    connections.save(home, known)
                else:
                    connections.remove(home, name)
            raise
        try:
            forget_tokens(home, vault, name)
        except NoRecord as error:
            text = "signed in as %s: access tokens of the sign-in before stay until they end: %s"
            logging.getLogger("mcp_ads").warning(text, name, error)
    return written


def _check_table(vault: Vault, name: str, tables: Mapping[str, connections.Connection]) -> None:
    """Raise NoRecord where a sign-in's table seems to have another name now, with its accounts in it."""
    before = None if name in tables else vault.facts(name)
    alike = before and [
        table.name
        for table in tables.values()
        if table.connector == before.connector and table.accounts and not vault.facts(table.name)
    ]
    if alike:
        raise NoRecord(
            f"connections.toml: [{alike[0]}] has accounts and no credentials, and {name} has a sign-in and "
            f"no table: nothing was kept",
            fix=f"call it [{name}] if it is for {name}, else write a table [{name}] with its accounts",
        )


def forget(home: Path, vault: Vault, name: str) -> bool:
    """Keep neither the credentials nor what was got with them; whether there were any. Raises NoRecord.

    What is written down of its accounts stays, for the next sign-in.
    """
    with alone(vault, name):
        forget_tokens(home, vault, name)
        return vault.forget(name)


@contextlib.contextmanager
def alone(vault: Vault, name: str) -> Iterator[None]:
    """Hold a sign-in against renewals and other sign-ins of its name. Raises NoRecord."""
    busy = NoRecord(f"another process renews or changes the sign-in of {name}", fix="try again in a minute")
    with held(lambda: vault.locked(name), WAITS, busy):  # where no file can be locked, writing says why
        yield


def until(signed_in: SignedIn) -> str:
    """Until when it can be used without signing in again, in words."""
    ends = signed_in.refresh_ends if signed_in.renews else signed_in.access_ends
    if ends:
        return f"until {datetime.fromtimestamp(ends, UTC).date()}"
    return "without end" if signed_in.kind == "system user" else "until an end that is not known"
