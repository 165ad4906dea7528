"""What a program gives, over the environment -> the settings of one connector in this process."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from mcp_ads.engine.session.named import no_connection
from mcp_ads.errors import BadSettings, UnknownConnector
from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings, load, warn_of
from mcp_ads.settings_files import with_clients
from mcp_ads.settings_platforms import account_ids as ids_of
from mcp_ads.settings_values import path_of
from mcp_ads.write_modes import write_mode


def local_settings(  # noqa: PLR0913 - all but two are optional
    name: str,
    credentials: Mapping[str, str],
    *,
    account_ids: str | Iterable[str] | None = None,
    writes: str | bool | None = None,
    env_file: str = "",
    home: str | Path | None = None,
    connection: str = "",
    environ: Mapping[str, str] | None = None,
    with_app: bool = False,
) -> tuple[Settings, Path]:
    """The settings of one connector with what a program gives, and the folder of its clients file.

    `environ` holds before the environment. `with_app` takes a client id and secret that are not given from
    the environment. Raises BadSettings, UnknownConnector.
    """
    variables = {**os.environ, **environ} if environ else None
    loaded = load(env_file=env_file, environ=variables, named_by="env_file")
    settings, clients_in = at_home(loaded, home)
    warn_of(settings)
    if writes is not None:
        settings = replace(settings, writes=write_mode(writes), writes_by="connect")
    if with_app and name in settings.platforms:
        app = settings.connection(name, connection) or settings.platforms[name]
        credentials = _with_app(credentials, app.credentials)
    platform = platform_with(settings, name, credentials, account_ids, connection)
    alone = bool(connection or credentials or account_ids is not None)
    several = {name: (platform,)} if alone else settings.connections
    return replace(settings, platforms={name: platform}, connections=several), clients_in


def _with_app(given: Mapping[str, str], known: Mapping[str, str]) -> Mapping[str, str]:
    """Credentials with the environment's app, where there is a refresh token and no other app is named."""
    app = {key: known[key] for key in ("CLIENT_ID", "CLIENT_SECRET") if key in known}
    if "REFRESH_TOKEN" not in given or given.get("CLIENT_ID", app.get("CLIENT_ID")) != app.get("CLIENT_ID"):
        return given
    return {**app, **given}


def at_home(settings: Settings, home: str | Path | None) -> tuple[Settings, Path]:
    """The settings with another home, and the folder of the clients file that holds for it.

    That is the home's own, or the environment's where it has none: what a person protects there stays so.
    """
    if not home:
        return settings, settings.records
    mistakes: list[str] = []
    there = replace(settings, home=path_of("home", str(home)).absolute())
    own = with_clients(there, mistakes)
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return own, settings.records if own.clients is settings.clients and settings.clients else there.records


def platform_with(
    settings: Settings,
    name: str,
    given: Mapping[str, str],
    account_ids: str | Iterable[str] | None,
    connection: str,
) -> Platform:
    """The platform's settings with what the caller gives in place of the environment's."""
    if name not in settings.platforms:
        raise UnknownConnector(f"{name} is not among MCP_ADS_CONNECTORS")
    credentials = {variable: value for variable, value in given.items() if value}
    platform = settings.connection(name, connection)
    if platform is None and (connection or (account_ids is not None and not credentials)):
        labels = [known.label for known in settings.of(name)]
        raise BadSettings(no_connection(labels, connection))
    platform = platform or settings.platforms[name]
    if credentials and platform.airbyte:
        raise BadSettings(
            "credentials: MCP_ADS_BACKEND is airbyte, which keeps its own; leave one of them out"
        )
    if credentials and not settings.sandbox:
        platform = replace(platform, credentials=credentials, signed_in=None)
        if not (connection or settings.default(name)):
            platform = replace(platform, connection="", account_ids=(), default_account="", client_id="")
    if account_ids is not None:
        platform = replace(platform, account_ids=ids_of(account_ids), listed_by="account_ids= of the program")
    return platform
