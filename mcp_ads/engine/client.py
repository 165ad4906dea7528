"""The Python API: one connector with one user's credentials, as an async context manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mcp_ads.connectors import connector as connector_named
from mcp_ads.core import Result
from mcp_ads.errors import UnknownAction
from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings, Writes, load, warn_of
from mcp_ads.settings_platforms import account_ids as ids_of

from .workspace import Workspace


class Client:
    """What `connect` gives: `execute` and `apply` for one connector."""

    def __init__(self, connector: str, settings: Settings) -> None:
        self.connector = connector_named(connector)
        self._workspace = Workspace(settings)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def execute(self, entity: str, action: str, params: Mapping[str, Any] | None = None) -> Result:
        """Carry out one action. The result has `data`, `meta` and `errors`. Raises AdsError."""
        return await self._workspace.execute(self.connector.name, entity, action, params)

    async def apply(self, plan_id: str) -> Result:
        """Carry out a plan that `execute` answered with, where `writes="plan"`. Raises AdsError."""
        return await self._workspace.apply(plan_id)

    async def close(self) -> None:
        """Close the connections."""
        await self._workspace.close()


def connect(  # noqa: PLR0913 - all but one are optional
    connector: str,
    *,
    access_token: str = "",
    refresh_token: str = "",
    client_id: str = "",
    client_secret: str = "",
    account_ids: str | Sequence[str] = (),
    writes: Writes | None = None,
    env_file: str = "",
    home: str | Path | None = None,
) -> Client:
    """A client for one connector, "facebook-marketing", "linkedin-ads" or "amazon-ads".

    Without credentials it reads the environment as the server does. `writes` is "direct" (a write is sent at
    once), "plan" or "off"; left out, it is what MCP_ADS_WRITES says, or "direct" where that is not set.
    Raises BadSettings, UnknownAction.
    """
    known = connector_named(connector)
    settings = load(env_file=env_file, named_by="env_file")
    warn_of(settings)
    given = {
        "ACCESS_TOKEN": access_token,
        "REFRESH_TOKEN": refresh_token,
        "CLIENT_ID": client_id,
        "CLIENT_SECRET": client_secret,
    }
    platform = _platform(settings, known.name, given, account_ids)
    where = Path(home) if home else settings.home
    mode = writes or (settings.writes if settings.writes_set else "direct")
    return Client(known.name, replace(settings, platforms={known.name: platform}, writes=mode, home=where))


def _platform(
    settings: Settings, name: str, given: Mapping[str, str], account_ids: str | Iterable[str]
) -> Platform:
    """The platform's settings with what the caller gives in place of the environment's."""
    platform = settings.platforms.get(name)
    if platform is None:
        raise UnknownAction(f"{name} is not among MCP_ADS_CONNECTORS")
    credentials = {each: value for each, value in given.items() if value}
    if credentials and not settings.sandbox:
        platform = replace(platform, credentials=credentials)
    if allowed := ids_of(account_ids):
        platform = replace(platform, account_ids=allowed)
    return platform
