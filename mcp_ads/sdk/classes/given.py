"""What a connector class is constructed with -> the backend that carries out its calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

from mcp_ads.core.synonyms import unknown
from mcp_ads.errors import BadSettings
from mcp_ads.platforms import HOSTS, Platform
from mcp_ads.sdk.auth_configs import AirbyteAuthConfig, AuthConfig, airbyte_config, hosted
from mcp_ads.sdk.backend import Backend
from mcp_ads.sdk.local import Local, local_settings
from mcp_ads.sdk.token_news import OnTokenRefresh

from .carried import carried


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


BACKENDS = ("airbyte",)
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
    given: dict[str, Any] = {key: value for key, value in options.items() if value is not None}
    if wrong := [
        unknown(key, Options.__annotations__) for key in options if key not in Options.__annotations__
    ]:
        raise TypeError("\n".join(wrong))
    config = hosted(auth_config, own)
    keywords = {key: given.pop(key) for key in AirbyteAuthConfig.model_fields if key in given}
    mistakes = [
        f"{key}: empty; leave it out" for key, value in given.items() if value == "" and key != "env_file"
    ]
    if (backend := given.pop("backend", "")) not in ("", *BACKENDS):
        mistakes.append(f"backend: {backend!r}; it is {' or '.join(map(repr, BACKENDS))}, or left out")
    if keywords and isinstance(auth_config, own):
        mistakes += [
            f"{key}: is for a host that keeps the credentials, and auth_config has the platform's own; "
            "give one kind"
            for key in keywords
        ]
    if backend and isinstance(auth_config, own):
        mistakes.append(
            "auth_config: has the platform's own credentials, and Airbyte keeps some; give one kind"
        )
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    if backend:
        return carried(name, _joined(config, keywords), given, region)
    if config is not None or keywords:
        return _hosted(name, _joined(config, keywords), given, region)
    credentials = auth_config.credentials() if isinstance(auth_config, own) else {}
    settings, clients_in = local_settings(name, credentials, **given)
    platform = settings.platforms[name]
    if region is not None:
        platform = in_region(platform, region)
        settings = replace(
            settings, platforms={name: platform}, connections={name: (platform, *settings.of(name)[1:])}
        )
    return Local(
        name,
        settings,
        clients_in,
        on_token_refresh,
        env_file=given.get("env_file", ""),
        own=bool(credentials),
    )


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


def in_region(platform: Platform, region: str) -> Platform:
    """The platform with the host of one region alone. Raises BadSettings."""
    known = HOSTS[platform.name]
    text = str(region).strip()
    found = next(
        (key for key, host in known.items() if text.upper() == key or text.rstrip("/").lower() == host), ""
    )
    if not found:
        raise BadSettings(f"region: {region!r} is not NA, EU, FE or one of their three host URLs")
    if found not in platform.hosts and platform.foreign:
        raise BadSettings(f"region: the hosts of the environment have none for {found}")
    return replace(platform, hosts={found: platform.hosts.get(found, known[found])})
