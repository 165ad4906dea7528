"""What a connector class is constructed with -> the backend that carries out its calls."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

from mcp_ads.core.synonyms import cut, unknown
from mcp_ads.errors import BadSettings
from mcp_ads.platforms import AMAZON_HOSTS, PLATFORMS, Platform
from mcp_ads.sdk.auth_configs import AirbyteAuthConfig, AuthConfig, airbyte_config, hosted
from mcp_ads.sdk.backend import Backend
from mcp_ads.sdk.blanks import blanks
from mcp_ads.sdk.local import Local
from mcp_ads.sdk.local_settings import local_settings
from mcp_ads.sdk.token_news import OnTokenRefresh
from mcp_ads.settings_hosted import CLIENT, check_pair


class Options(TypedDict, total=False):
    """Keywords of every connector class; those of a host first, then those of this process."""

    workspace_name: str | None
    customer_name: str | None
    external_user_id: str | None
    organization_id: str | None
    airbyte_client_id: str | None
    airbyte_client_secret: str | None
    connector_id: str | None
    account_ids: str | Sequence[str] | None
    writes: str | bool | None
    env_file: str | None
    home: str | Path | None
    connection: str | None
    backend: str | None


AIRBYTE = "airbyte"
BACKEND = "MCP_ADS_BACKEND"
REPLACED = {"config": 'config: no parameter here; the region is region="EU" of AmazonAdsConnector'}
"""Keywords of other packages, with what is in their place."""
LOCAL_ONLY = ("account_ids", "home", "connection")


def backend_of(
    name: str,
    own: type[AuthConfig],
    auth_config: object,
    options: Options,
    on_token_refresh: OnTokenRefresh | None = None,
    region: str | None = None,
) -> Backend:
    """The backend that these arguments ask for; nothing is sent. Raises TypeError, BadSettings."""
    known = Options.__annotations__
    if wrong := [REPLACED.get(key) or unknown(key, known) for key in options if key not in known]:
        raise TypeError("\n".join(wrong))
    if on_token_refresh is not None and not callable(on_token_refresh):
        raise TypeError(f"on_token_refresh: a {type(on_token_refresh).__name__}; it is a function")
    given: dict[str, Any] = {key: value for key, value in options.items() if value is not None}
    config = hosted(auth_config, own)
    keywords = {key: given.pop(key) for key in AirbyteAuthConfig.model_fields if key in given}
    backend = given.pop("backend", None)
    mistakes = blanks({key: value for key, value in options.items() if key != "writes"})
    if backend not in (None, AIRBYTE) and str(backend).strip():
        mistakes.append(f"backend: {cut(backend)!r}; it is {AIRBYTE!r}, or left out")
    if isinstance(auth_config, own):
        why = (
            "is for a host that keeps the credentials, and auth_config has the platform's own; give one kind"
        )
        mistakes += [f"{key}: {why}" for key in [*keywords, *(["backend"] if backend == AIRBYTE else [])]]
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    there = _joined(config, keywords) if config is not None or keywords else None
    over_airbyte = AIRBYTE in (backend, os.environ.get(BACKEND, "") if there else None)
    if there and not over_airbyte:
        return _hosted(name, there, given, region)
    credentials = auth_config.credentials() if isinstance(auth_config, own) else {}
    environ = _airbyte_variables(name, there) if over_airbyte else {}
    return _local(name, credentials, environ, given, on_token_refresh, region)


def _local(
    name: str,
    credentials: Mapping[str, str],
    environ: Mapping[str, str],
    given: Mapping[str, Any],
    on_token_refresh: OnTokenRefresh | None,
    region: str | None,
) -> Backend:
    """What carries calls out here, with what is given over the environment. Raises BadSettings."""
    if region is not None and environ:
        environ = {**environ, "AMAZON_ADS_REGION": region_of(region)}
    settings, clients_in = local_settings(name, credentials, environ=environ, with_app=True, **given)
    if region is not None and not environ:
        platform = in_region(settings.platforms[name], region)
        several = (platform, *settings.of(name)[1:])
        settings = replace(settings, platforms={name: platform}, connections={name: several})
    env_file, own = given.get("env_file", ""), bool(credentials or environ)
    return Local(name, settings, clients_in, on_token_refresh, env_file=env_file, own=own)


def _airbyte_variables(name: str, config: AirbyteAuthConfig | None) -> dict[str, str]:
    """The variables that have Airbyte's cloud send what this process plans. Raises NotConfigured.

    What is given has nothing of the environment's below it: a client has its own organizations, these their
    workspaces, and these their connectors.
    """
    given = config or AirbyteAuthConfig()
    check_pair(given.airbyte_client_id, given.airbyte_client_secret)
    client = given.airbyte_client_id, given.airbyte_client_secret
    levels = {
        "AIRBYTE_ORGANIZATION_ID": given.organization_id,
        "AIRBYTE_WORKSPACE_NAME": given.workspace,
        f"AIRBYTE_{PLATFORMS[name]}_CONNECTOR_ID": given.connector_id,
    }
    named = {BACKEND: AIRBYTE, **{key: value for key, value in zip(CLIENT, client, strict=True) if value}}
    own = bool(given.airbyte_client_id)
    for key, value in levels.items():
        own = own or bool(value)
        if own:
            named[key] = value or ""
    return named


def _joined(config: AirbyteAuthConfig | None, keywords: Mapping[str, Any]) -> AirbyteAuthConfig:
    """The auth config with what keywords add to it. Raises BadSettings where both say different things."""
    known = config.model_dump(exclude_none=True) if config else {}
    if twice := [key for key, value in keywords.items() if known.get(key, value) != value]:
        raise BadSettings("\n".join(f"{key}: auth_config says another one; give it once" for key in twice))
    return airbyte_config({**known, **keywords})


def _hosted(name: str, config: AirbyteAuthConfig, given: Mapping[str, Any], region: str | None) -> Backend:
    """A host that keeps the credentials. Raises BadSettings for what only this process has."""
    beside = {key: given[key] for key in LOCAL_ONLY if key in given} | ({"region": region} if region else {})
    if beside:
        said = "is of this process, and here a host keeps the credentials; leave it out"
        raise BadSettings("\n".join(f"{key}: {said}" for key in beside))
    from mcp_ads.sdk.remote_settings import remote_of

    return remote_of(
        name,
        workspace_name=config.workspace or "",
        connector_id=config.connector_id or "",
        organization_id=config.organization_id or "",
        client_id=config.airbyte_client_id or "",
        client_secret=config.airbyte_client_secret or "",
        **given,
    )


def region_of(region: str) -> str:
    """A region's name, for it or its host. Raises BadSettings."""
    text = str(region).strip()
    for key, host in AMAZON_HOSTS.items():
        if text.upper() == key or text.rstrip("/").lower() == host:
            return key
    raise BadSettings(f"region: {cut(region)!r} is not NA, EU, FE or one of their three host URLs")


def in_region(platform: Platform, region: str) -> Platform:
    """The platform with the host of one region alone. Raises BadSettings."""
    found = region_of(region)
    if found not in platform.hosts and platform.foreign:
        raise BadSettings(f"region: the hosts of the environment have none for {found}")
    return replace(platform, hosts={found: platform.hosts.get(found, AMAZON_HOSTS[found])})
