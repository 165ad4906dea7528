"""connect(): a client with local credentials, or a connector class where a host keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from mcp_ads.across import ads, offer
from mcp_ads.errors import BadSettings, PolicyError
from mcp_ads.settings import load, warn_of
from mcp_ads.write_modes import write_mode

from .client import Client
from .local_settings import at_home, local_settings

if TYPE_CHECKING:
    from .auth_configs import AirbyteAuthConfig, AuthConfig
    from .classes.amazon_ads import AmazonAdsAuthConfig, AmazonAdsConnector
    from .classes.base import AdsConnector
    from .classes.facebook_marketing import FacebookMarketingAuthConfig, FacebookMarketingConnector
    from .classes.linkedin_ads import LinkedinAdsAuthConfig, LinkedinAdsConnector

FACEBOOK = Literal["facebook-marketing", "facebook_marketing", "facebook"]
LINKEDIN = Literal["linkedin-ads", "linkedin_ads", "linkedin"]
AMAZON = Literal["amazon-ads", "amazon_ads", "amazon"]
BOTH = (
    "client_id, client_secret: which ones? Beside access_token or refresh_token they are the app's at the "
    "platform, beside workspace_name, connector_id or organization_id the client's at a host; alone neither"
)


@overload
def connect(
    connector: str,
    *,
    access_token: str = "",
    refresh_token: str = "",
    client_id: str = "",
    client_secret: str = "",
    account_ids: str | Sequence[str] | None = None,
    writes: str | bool | None = None,
    env_file: str = "",
    home: str | Path | None = None,
    connection: str = "",
) -> Client: ...
@overload
def connect(
    connector: FACEBOOK,
    *,
    client_id: str = "",
    client_secret: str = "",
    account_ids: str | Sequence[str] | None = None,
    writes: str | bool | None = None,
    env_file: str = "",
    home: str | Path | None = None,
    connection: str = "",
    workspace_name: str | None = None,
    connector_id: str | None = None,
    organization_id: str | None = None,
    auth_config: AirbyteAuthConfig | FacebookMarketingAuthConfig | None = None,
    backend: Literal["", "airbyte"] = "",
) -> FacebookMarketingConnector: ...
@overload
def connect(
    connector: LINKEDIN,
    *,
    client_id: str = "",
    client_secret: str = "",
    account_ids: str | Sequence[str] | None = None,
    writes: str | bool | None = None,
    env_file: str = "",
    home: str | Path | None = None,
    connection: str = "",
    workspace_name: str | None = None,
    connector_id: str | None = None,
    organization_id: str | None = None,
    auth_config: AirbyteAuthConfig | LinkedinAdsAuthConfig | None = None,
    backend: Literal["", "airbyte"] = "",
) -> LinkedinAdsConnector: ...
@overload
def connect(
    connector: AMAZON,
    *,
    client_id: str = "",
    client_secret: str = "",
    account_ids: str | Sequence[str] | None = None,
    writes: str | bool | None = None,
    env_file: str = "",
    home: str | Path | None = None,
    connection: str = "",
    workspace_name: str | None = None,
    connector_id: str | None = None,
    organization_id: str | None = None,
    auth_config: AirbyteAuthConfig | AmazonAdsAuthConfig | None = None,
    backend: Literal["", "airbyte"] = "",
) -> AmazonAdsConnector: ...
@overload
def connect(
    connector: str,
    *,
    client_id: str = "",
    client_secret: str = "",
    account_ids: str | Sequence[str] | None = None,
    writes: str | bool | None = None,
    env_file: str = "",
    home: str | Path | None = None,
    connection: str = "",
    workspace_name: str | None = None,
    connector_id: str | None = None,
    organization_id: str | None = None,
    auth_config: AirbyteAuthConfig | AuthConfig | None = None,
    backend: str = "",
) -> AdsConnector: ...
def connect(  # noqa: PLR0913 - all but one are optional
    connector: str,
    *,
    access_token: str = "",
    refresh_token: str = "",
    client_id: str = "",
    client_secret: str = "",
    account_ids: str | Sequence[str] | None = None,
    writes: str | bool | None = None,
    env_file: str = "",
    home: str | Path | None = None,
    connection: str = "",
    workspace_name: str | None = None,
    connector_id: str | None = None,
    organization_id: str | None = None,
    auth_config: AirbyteAuthConfig | AuthConfig | None = None,
    backend: str = "",
) -> Any:
    """One connector, "facebook-marketing", "linkedin-ads", "amazon-ads", or shorter, "facebook"; or "ads",
    the questions over all platforms that are configured.

    With the platform's credentials, or with none, it is a `Client` in this process, whose rows are shown
    ones; without credentials it reads the environment as the server does. `writes` is "plan" (a write answers
    with a plan, which `apply` carries out), "direct" (a write is sent at once) or "off"; False is "off"; left
    out, it is what MCP_ADS_WRITES says, or "plan" where that is not set. `account_ids` are the only accounts
    that may be used; left out, those of the environment. `connection` is the only one to use of several; left
    out, credentials or accounts that are given are the default one's: of "ads" none of these can be given.
    `home` keeps plans and records in another folder; its clients.toml holds, else that of the environment.

    With `workspace_name`, `connector_id`, `organization_id` or an `AirbyteAuthConfig` it is the connector's
    class, which answers with the platform's own records, and a host keeps the credentials: the server at
    MCP_ADS_HOST_URL. `client_id` and `client_secret` are then the host's client, else AIRBYTE_CLIENT_ID and
    AIRBYTE_CLIENT_SECRET. The connector is looked for at once, unless `connector_id` is known. A write
    is sent to a host that states that it plans writes; `writes="direct"` lets any carry it out at once. Caps,
    allow-lists and protected campaigns of this process refuse every write there: the host does not know them.
    `backend="airbyte"` has Airbyte's cloud send what this process plans. A platform's own auth
    config gives its class in this process.

    Raises BadSettings with a line per mistake, NotConfigured, UnknownAction; of a host NoConnector,
    SeveralConnectors, ApiError.
    """
    tokens = {"access_token": access_token, "refresh_token": refresh_token}
    client = {"client_id": client_id, "client_secret": client_secret}
    there = {
        "workspace_name": workspace_name,
        "connector_id": connector_id,
        "organization_id": organization_id,
    }
    if empty := [name for name, value in there.items() if value is not None and not value.strip()]:
        raise BadSettings("\n".join(f"{name}: empty; give its value, or leave it out" for name in empty))
    here: dict[str, Any] = {"account_ids": account_ids, "home": home, "connection": connection}
    here |= {"writes": writes, "env_file": env_file}
    known = offer(connector)
    if auth_config is None and not any([*there.values(), backend]):
        if any(client.values()) and not any(tokens.values()):
            raise BadSettings(BOTH)
        return _client(known.name, tokens | client, **here)
    if known is ads:
        raise BadSettings(
            "connect: ads asks all platforms that are configured here; a host has one connector"
        )
    return _connector(
        class_of(known.name), auth_config, tokens, client, {**there, **here, "backend": backend}
    )


def _connector(
    kind: type[AdsConnector],
    auth_config: AirbyteAuthConfig | AuthConfig | None,
    tokens: Mapping[str, str],
    client: Mapping[str, str],
    more: Mapping[str, Any],
) -> AdsConnector:
    """The connector's class; where a host keeps the credentials, the connector is looked for now."""
    own = isinstance(auth_config, kind.auth_config_type)
    why = "auth_config has the credentials" if own else "a host keeps the credentials"
    given = {**tokens, **(client if own else {})}
    wrong = [f"{name}: {why}; leave it out" for name, value in given.items() if value]
    hosted = {} if own else {f"airbyte_{name}": value for name, value in client.items()}
    options: Any = {name: None if value == "" else value for name, value in {**more, **hosted}.items()}
    try:
        made = kind(auth_config, **options)
    except PolicyError as error:
        if not wrong:
            raise
        wrong += error.lines
    if wrong:
        raise BadSettings("\n".join(wrong))
    from .remote import Remote

    remote = made.backend
    if isinstance(remote, Remote):
        at_once(remote.found, remote.close)
    return made


def class_of(name: str) -> type[AdsConnector]:
    """The class of a connector, loaded when it is first used."""
    from .classes.amazon_ads import AmazonAdsConnector
    from .classes.facebook_marketing import FacebookMarketingConnector
    from .classes.linkedin_ads import LinkedinAdsConnector

    kinds = (FacebookMarketingConnector, LinkedinAdsConnector, AmazonAdsConnector)
    return next(kind for kind in kinds if kind.offer().name == name)


def at_once(ask: Callable[[], Awaitable[Any]], close: Callable[[], Awaitable[None]]) -> None:
    """Wait for what is asked in an event loop of its own, in a thread where one runs here already."""

    async def asked() -> None:
        try:
            await ask()
        finally:
            await close()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(asked())
        return
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asked()).result()


def _client(
    name: str,
    given: Mapping[str, str],
    *,
    writes: str | bool | None,
    env_file: str,
    account_ids: str | Sequence[str] | None,
    home: str | Path | None,
    connection: str,
) -> Client:
    """A client in this process."""
    if name != ads.name:
        credentials = {variable.upper(): value for variable, value in given.items() if value}
        settings, clients_in = local_settings(
            name, credentials, account_ids=account_ids, writes=writes, env_file=env_file, home=home,
            connection=connection,
        )  # fmt: skip
        return Client(name, settings, clients_in)
    settings, clients_in = at_home(load(env_file=env_file, named_by="env_file"), home)
    warn_of(settings)
    if connection or any(given.values()) or account_ids is not None:
        raise BadSettings(
            "connect: credentials, account_ids and connection are one platform's; ads asks all that are "
            "configured, by the variables of each"
        )
    if writes is not None:
        settings = replace(settings, writes=write_mode(writes), writes_by="connect")
    return Client(name, settings, clients_in)
