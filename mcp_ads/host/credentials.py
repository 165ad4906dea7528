"""What a connector keeps -> the platform's settings in an engine. Pure.

Nothing of the process's own credentials goes into it but the operator's app, where the connector has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from mcp_ads.errors import NotConfigured
from mcp_ads.platforms import SANDBOX_CREDENTIALS, Platform

NAMES = {
    "access_token": "ACCESS_TOKEN",
    "account_key": "ACCESS_TOKEN",
    "refresh_token": "REFRESH_TOKEN",
    "client_id": "CLIENT_ID",
    "client_secret": "CLIENT_SECRET",
}
APP = ("CLIENT_ID", "CLIENT_SECRET")
WRONG = re.compile(r"(?<![a-z0-9])(?:expired|revoked|invalid|bad)(?![a-z0-9])")
"""In the sandbox nobody has credentials: all are taken, but for those that say what is wrong with them."""
INVENTED = ("sandbox-", "Atzr|sandbox")
"""What the sandbox itself gave out, at its consent page."""


def platform_of(
    base: Platform,
    label: str,
    credentials: Mapping[str, str],
    environment: Mapping[str, str],
    app: Mapping[str, str],
    *,
    sandbox: bool,
) -> Platform:
    """The connection of that label; `app` is the operator's, for a refresh token that names none itself.

    Raises NotConfigured where its region is none of the process's: no other region is asked in its place.
    """
    given = {NAMES[name]: text for name, text in credentials.items() if name in NAMES}
    if "REFRESH_TOKEN" in given and "CLIENT_ID" not in given:
        given |= {name: app[name] for name in APP if app.get(name)}
    if sandbox:
        given = _invented(base.name, given)
    region, hosts = environment.get("region", ""), dict(base.hosts)
    if region and region not in hosts:
        raise NotConfigured(
            f"the connector's region {region} is not served here: this server asks {', '.join(hosts)} alone",
            fix="who runs this server adds the region; or change the connector's region",
        )
    if region:
        hosts = {region: hosts[region]}
    return replace(_bare(base, label), credentials=given, hosts=hosts)


def without_credentials(base: Platform, label: str) -> Platform:
    """The connection of a connector that cannot be used: it signs in with nothing."""
    return replace(_bare(base, label), credentials={})


def _bare(base: Platform, label: str) -> Platform:
    return replace(
        base, connection=label, account_ids=(), default_account="", signed_in=None, airbyte=None,
        client_id="", listed_by="",
    )  # fmt: skip


def _invented(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """The sandbox's credentials in the place of those that are given."""
    usual = SANDBOX_CREDENTIALS[name]
    tokens = {key: text for key, text in given.items() if key.endswith("_TOKEN")}
    given_out = {key: text for key, text in tokens.items() if text.startswith(INVENTED)}
    if given_out:
        return {**({} if "ACCESS_TOKEN" in given_out else usual), **given_out}
    secrets = " ".join(text for key, text in given.items() if key != "CLIENT_ID").lower()
    if not WRONG.search(secrets):
        return dict(usual)
    return {key: f"{text}-revoked" if key.endswith("_TOKEN") else text for key, text in usual.items()}
