"""A consent is asked for: the platform's page, with a state that is known once and for ten minutes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from mcp_ads.auth.signing_in import signing_in
from mcp_ads.auth.signing_in.consent import App
from mcp_ads.host.catalog import Definition
from mcp_ads.host.parts import Host
from mcp_ads.host.refusals import Refused
from mcp_ads.host.store import consents
from mcp_ads.host.store.consents import Pending
from mcp_ads.host.store.oauth_apps import OAuthApp, app_of
from mcp_ads.platforms import AUTH_URLS, HOSTS, PLATFORMS, Platform

from . import worlds
from .addresses import callback_of


@dataclass(frozen=True)
class Asked:
    """What a consent is for. `config` is the connector's, `link` the hash of an end user's link."""

    organization_id: str
    workspace_id: str
    definition: Definition
    client_id: str = ""
    redirect_url: str = ""
    name: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    link: str = ""


async def consent_url(host: Host, connection: AsyncConnection, asked: Asked, origin: str) -> str:
    """The page to send a person to. Raises Refused (400) where no app is configured, naming the variables."""
    callback, name = callback_of(origin), asked.definition.name
    app = await app_for(host, connection, asked.organization_id, asked.definition, callback)
    if app is None:
        raise Refused(400, no_app(asked.definition), "not_configured")
    signing, platform = signing_in(name), platform_of(host, asked.definition, asked.environment)
    given = App(app.client_id, app.client_secret)
    consent = signing.consent(platform, given, callback, signing.scopes(app.scopes))
    secrets = {**vars(app), "verifier": consent.verifier, "granted": list(consent.scopes)}
    pending = Pending(
        asked.organization_id, asked.workspace_id, asked.client_id, asked.definition.slug,
        asked.redirect_url, callback,
        {"name": asked.name, "config": asked.config, "environment": asked.environment, "link": asked.link},
        secrets,
    )  # fmt: skip
    await consents.keep(connection, host.keys, consent.state, pending)
    if host.settings.own.sandbox:
        return f"{origin}{worlds.PAGES}/{asked.definition.slug}?{consent.url.partition('?')[2]}"
    return consent.url


async def app_for(
    host: Host, connection: AsyncConnection, organization_id: str, definition: Definition, callback: str
) -> OAuthApp | None:
    """The app that people consent to: in the sandbox an invented one, which knows the callback."""
    if host.settings.own.sandbox:
        return OAuthApp(*worlds.apps(callback)[definition.name])
    return await app_of(connection, host.keys, host.settings.own, organization_id, definition)


def no_app(definition: Definition) -> str:
    """What is said where there is none."""
    prefix = PLATFORMS[definition.name]
    return (
        f"no OAuth app for {definition.title}: the operator sets {prefix}_CLIENT_ID and "
        f"{prefix}_CLIENT_SECRET, or the organization sends its own to PUT /api/v1/oauth/credentials"
    )


def platform_of(host: Host, definition: Definition, environment: dict[str, str]) -> Platform:
    """Where a kind's consent is asked for and exchanged: of one region, where one is named."""
    base = host.settings.own.platforms[definition.name]
    known = HOSTS[definition.name] if base.airbyte else dict(base.hosts)
    region = environment.get("region", "")
    hosts = {region: known[region]} if region in known else known
    pages = AUTH_URLS[definition.name]
    page = pages.get(region, next(iter(pages.values()))).format(version=base.version)
    return replace(base, hosts=hosts, auth_url=base.auth_url or page)
