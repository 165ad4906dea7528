"""`host init`, `host client add`, `list`, `revoke`: organizations and their programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.commands.streams import FAILED, complain, note, say
from mcp_ads.errors import BadSettings
from mcp_ads.host.store import clients, organizations, workspaces
from mcp_ads.host.store.clients import Limits, caps_read
from mcp_ads.platforms import LOOPBACK
from mcp_ads.settings import Caps
from mcp_ads.settings_values import Values

from .here import accounts_in, at_host, check_name, said_of
from .options import ClientOptions

FIRST = "first"


def init(organization: str, *, as_json: bool) -> int:
    """An organization and its first client, whose writes are planned."""
    name = check_name(organization, "--organization")

    async def make(connection: AsyncConnection) -> tuple[str, str, str]:
        if any(known.name == name for known in await organizations.every(connection)):
            raise BadSettings(
                f"--organization: there is a {name} already; `mcp-ads host client add` makes a further client"
            )
        made = await organizations.add(connection, name)
        return made.id, *await clients.add(connection, made.id, FIRST, Limits())

    with at_host(begins=True) as host:
        organization_id, client_id, secret = host.database.wait(make)
    _shown(
        {"organization_id": organization_id, "client_id": client_id, "client_secret": secret}, as_json=as_json
    )
    return 0


def add(name: str, asked: ClientOptions) -> int:
    """A client; its limits are checked whole before anything is made."""
    name, limits = check_name(name), _limits(asked)

    async def make(connection: AsyncConnection) -> tuple[tuple[str, str, str], list[str]]:
        there = await organizations.meant(connection, asked.organization)
        if any(
            row.name == name and row.revoked_at is None for row in await clients.every(connection, there.id)
        ):
            raise BadSettings(f"NAME: there is a {name} already; revoke it, or choose another name")
        lacking = [
            one
            for one in limits.workspaces or ()
            if await workspaces.named(connection, there.id, one) is None
        ]
        return (there.id, *await clients.add(connection, there.id, name, limits)), lacking

    with at_host() as host:
        (organization_id, client_id, secret), lacking = host.database.wait(make)
    if lacking:
        note(
            f"--workspaces: there is no {', '.join(lacking)} yet; a connector that is created there makes it"
        )
    _shown(
        {"organization_id": organization_id, "client_id": client_id, "client_secret": secret},
        as_json=asked.json,
    )
    return 0


def listing(organization: str, *, as_json: bool) -> int:
    """An organization's clients, one a line; revoked ones are not shown."""

    async def look(connection: AsyncConnection) -> list[Any]:
        there = await organizations.meant(connection, organization)
        return [row for row in await clients.every(connection, there.id) if row.revoked_at is None]

    with at_host() as host:
        rows = host.database.wait(look)
    if as_json:
        say(json.dumps([_facts(row) for row in rows], ensure_ascii=False))
        return 0
    for row in rows:
        say("  ".join([row.id, row.name, f"writes {row.writes}", *_narrowed(row)]))
    if not rows:
        note("there is no client; `mcp-ads host client add NAME` makes one")
    return 0


def revoke(organization: str, client_id: str) -> int:
    """Its tokens end with it."""

    async def end(connection: AsyncConnection) -> bool:
        there = await organizations.meant(connection, organization)
        return await clients.revoke(connection, there.id, client_id.strip())

    with at_host() as host:
        done = host.database.wait(end)
    if not done:
        complain("CLIENT_ID: there is no such client; `mcp-ads host client list` lists them")
        return FAILED
    note("revoked: it and its tokens are believed no more")
    return 0


def _limits(asked: ClientOptions) -> Limits:
    caps = _caps(asked.caps)
    if asked.writes == "direct" and not (caps and (caps.daily or caps.lifetime)) and not asked.no_cap:
        raise BadSettings(
            "--writes direct: it carries out at once, so give it a cap of an amount, such as "
            '--max-daily-budget "100 USD" or --max-lifetime-budget, or say --no-cap'
            + (": --max-increase-pct caps nothing that is new" if caps else "")
        )
    if asked.no_cap and (caps is not None or asked.writes != "direct"):
        raise BadSettings("--no-cap: goes with --writes direct, and with no cap")
    return Limits(
        asked.writes,
        _workspaces(asked.workspaces),
        accounts_in(asked.accounts),
        caps,
        [_redirect(url) for url in asked.redirect],
    )


def _caps(said: Mapping[str, str]) -> Caps | None:
    """The caps of a client, None for none. Raises BadSettings: an empty or misspelt one is never none."""
    if not said:
        return None
    mistakes = [f"{option}: empty" for option, text in said.items() if not text.strip(" ,%")]
    values = Values(said, mistakes)
    caps = Caps(
        values.money("--max-daily-budget"),
        values.money("--max-lifetime-budget"),
        values.number("--max-increase-pct"),
    )
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return caps


def _workspaces(text: str | None) -> list[str] | None:
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise BadSettings("--workspaces: empty; name those it may use, or leave it out for all")
    return [check_name(name, "--workspaces") for name in names]


def _redirect(url: str) -> str:
    """A redirect URL that may be registered. Raises BadSettings."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.scheme == "https" or local) or not parts.hostname or parts.username or parts.fragment:
        raise BadSettings("--redirect: https://host/path, or http:// on this machine, without a fragment")
    return url


def _facts(row: Any) -> dict[str, Any]:
    names = ("name", "writes", "workspaces", "accounts", "caps", "redirects", "created_at")
    return {"client_id": row.id, **{name: getattr(row, name) for name in names}}


def _narrowed(row: Any) -> list[str]:
    where = "all workspaces" if row.workspaces is None else f"only {', '.join(row.workspaces)}"
    return [where, said_of(row.accounts), _said_caps(caps_read(row.caps))]


def _said_caps(caps: Caps | None) -> str:
    """The caps of a client, for people."""
    if caps is None:
        return "no caps of its own"
    amounts = [
        f"at most {', '.join(f'{most:f} {code}' for code, most in known.items())} {per}"
        for known, per in ((caps.daily, "a day"), (caps.lifetime, "for a whole run"))
        if known
    ]
    rise = [f"rises of at most {caps.increase_pct:f} % a day"] if caps.increase_pct is not None else []
    return ", ".join([*amounts, *rise])


def _shown(facts: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(facts))
        return
    for name, value in facts.items():
        say(f"{name}: {value}")
    note("The secret is not shown again. `mcp-ads host serve` serves; docs/host.md goes on from here.")
