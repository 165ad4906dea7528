"""A consent is answered: the code is exchanged, and one connector is made of what it gave."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.signing_in import protocol, signing_in
from mcp_ads.auth.signing_in.consent import CANCELLED, App, Consent, quoted, refused
from mcp_ads.auth.signing_in.pages import Page, failed, page
from mcp_ads.errors import AdsError, AuthError
from mcp_ads.host.catalog import DEFINITIONS
from mcp_ads.host.parts import Host
from mcp_ads.host.refusals import Refused
from mcp_ads.host.store import connectors, consents, grants, links
from mcp_ads.host.store.connectors import New
from mcp_ads.host.store.consents import Pending, hashed
from mcp_ads.host.store.grants import Grant

from . import worlds
from .addresses import with_query
from .beginning import platform_of

GONE = page(
    "Nothing to answer", "No sign-in waits for this answer: it was answered already, or is too old.",
    "Begin again where you came from.", status=400,
)  # fmt: skip
DONE = page("Done", "The account is connected. You may close this window.")


async def answered(host: Host, query: Mapping[str, str]) -> str | Page:
    """Where the browser goes on to, or what it is shown; an unknown, used or old state leads nowhere."""
    pending = await host.database.run(lambda c: _taken(c, host, query.get("state", "")))
    if pending is None:
        return GONE
    secret_id = secrets.token_urlsafe(32)
    try:
        given = await asyncio.to_thread(_exchanged, host, pending, query)
        made = await host.database.run(lambda c: _kept(c, host, pending, given, secret_id))
    except (AdsError, Refused) as error:
        return await _failed(host, pending, query, error)
    if pending.asked["link"]:
        return DONE
    return with_query(pending.redirect_url, secret_id=secret_id, connector_id=made)


async def _taken(connection: AsyncConnection, host: Host, state: str) -> Pending | None:
    """The consent of a state; `asked` has since when it holds its link, if it is of one."""
    pending = await consents.take(connection, host.keys, state)
    if pending is None or not (link := pending.asked["link"]):
        return pending
    claimed_at = await links.claim(connection, link)
    return replace(pending, asked={**pending.asked, "claimed_at": claimed_at}) if claimed_at else None


def _exchanged(host: Host, pending: Pending, query: Mapping[str, str]) -> SignedIn:
    """What the code is exchanged for; blocks. Raises AuthError, PlatformDown."""
    definition = DEFINITIONS[pending.slug]
    signing, kept = signing_in(definition.name), pending.secrets
    if "error" in query or not query.get("code"):
        raise refused(signing.title, query.get("error", "no code"), query.get("error_description", ""))
    consent = Consent("", pending.callback, tuple(kept["granted"]), "", kept["verifier"])
    app = App(kept["client_id"], kept["client_secret"])
    platform = platform_of(host, definition, pending.asked["environment"])
    with contextlib.ExitStack() as stack:
        transport = None
        if host.settings.own.sandbox:
            sandbox = stack.enter_context(worlds.world(host, pending.workspace_id, pending.callback))
            transport = worlds.InWorld(sandbox)
        http = stack.enter_context(protocol.talking(transport))
        return signing.signed_in(http, platform, app, consent, query["code"])


async def _kept(
    connection: AsyncConnection, host: Host, pending: Pending, given: SignedIn, secret_id: str
) -> str:
    """The id of the connector that is made at once, "" where its grant waits for more."""
    if pending.client_id and await consents.is_revoked(connection, pending.client_id):
        raise AuthError("whoever asked for the consent was revoked meanwhile")
    definition, asked = DEFINITIONS[pending.slug], pending.asked
    ends = given.refresh_ends if given.renews else given.access_ends
    grant = Grant(_credentials(given), asked["environment"], asked["name"], ends or None)
    if not asked["link"] and definition.needed - {"start_date"} - asked["config"].keys():
        where = pending.organization_id, pending.workspace_id, pending.slug
        await grants.keep(connection, host.keys, where, hashed(secret_id), grant)
        return ""
    if asked["link"] and not await links.used(connection, asked["link"], asked["claimed_at"]):
        raise AuthError("it took too long, and the link was used meanwhile")
    new = New(
        pending.slug, asked["name"] or definition.title, grant.credentials, asked["config"],
        asked["environment"], secret_id=hashed(secret_id), ends_at=grant.ends_at,
    )  # fmt: skip
    made = await connectors.add(connection, host.keys, pending.organization_id, pending.workspace_id, new)
    return made.id


def _credentials(given: SignedIn) -> dict[str, str]:
    """The credentials as callers would give them, with the app that they are of."""
    app = {"client_id": given.client_id, "client_secret": given.client_secret}
    if given.refresh_token:
        return {"refresh_token": given.refresh_token, **app}
    theirs = app if given.connector == "facebook_marketing" else {}
    return {"access_token": given.access_token, **theirs}


async def _failed(host: Host, pending: Pending, query: Mapping[str, str], error: Exception) -> str | Page:
    asked = pending.asked
    if asked["link"]:
        await host.database.run(lambda c: links.give_back(c, asked["link"], asked["claimed_at"]))
        return failed(AuthError(str(error), fix="open the link again"))
    denied = query.get("error") in CANCELLED
    code = "access_denied" if denied else "creation_failed"
    return with_query(pending.redirect_url, error=code, error_description=quoted(str(error)))
