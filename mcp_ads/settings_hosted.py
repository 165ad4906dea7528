"""Variables of hosts of connectors -> settings: where one is, and the client that may use it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from .errors import BadSettings, NotConfigured
from .settings_values import Values

HOST_URL, REDIRECTED = "MCP_ADS_HOST_URL", "SDK_DEV_ADP_API_HOST"
CLIENT = ("AIRBYTE_CLIENT_ID", "AIRBYTE_CLIENT_SECRET")
DATABASE, HOST_KEY, PUBLIC_URL = "DATABASE_URL", "MCP_ADS_HOST_KEY", "MCP_ADS_HOST_PUBLIC_URL"
ORGANIZATION = "AIRBYTE_ORGANIZATION_ID"
AIRBYTE = ("airbyte.ai", "airbyte.com")
"""Domains of Airbyte's cloud."""
WRITES = "MCP_ADS_WRITES"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Hosted:
    """What the environment says of hosts of connectors. URLs are scheme://host:port."""

    own: str = ""
    """MCP_ADS_HOST_URL: the server that keeps one's connectors."""
    redirected: str = ""
    """SDK_DEV_ADP_API_HOST: what is called instead of Airbyte's cloud."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    organization_id: str = ""
    database_url: str = field(default="", repr=False)
    """DATABASE_URL of a host of one's own; it may carry a password."""
    key: str = field(default="", repr=False)
    """MCP_ADS_HOST_KEY: what such a host seals credentials with."""
    public_url: str = ""
    """MCP_ADS_HOST_PUBLIC_URL: under which address browsers reach it."""
    writes_said: bool = False
    """Whether MCP_ADS_WRITES says anything: where it does not, a program may say more than "plan"."""

    @property
    def base(self) -> str:
        """The host that a remote connector is at. Raises BadSettings where none is named, or Airbyte's."""
        if not (self.own or self.redirected):
            raise BadSettings(
                f"{HOST_URL}: not set, nor is {REDIRECTED}: name the server that keeps the connectors; "
                'backend="airbyte" asks Airbyte\'s cloud'
            )
        base = self.own or self.redirected
        if is_airbytes(base):
            raise BadSettings(
                f"{HOST_URL if self.own else REDIRECTED}: Airbyte's cloud carries writes out without a plan; "
                'backend="airbyte" asks it, and plans them here'
            )
        return base

    def client(self, client_id: str = "", client_secret: str = "") -> tuple[str, str]:
        """The id and secret of the client that is given, or of the environment's; never one of each.

        Raises NotConfigured naming what is missing.
        """
        check_pair(client_id, client_secret)
        pair = (client_id, client_secret) if client_id else (self.client_id, self.client_secret)
        if missing_names := missing_of(pair):
            where = "airbyte_client_id and airbyte_client_secret of an AirbyteAuthConfig"
            raise NotConfigured(
                f"the host needs a client: {' and '.join(missing_names)} not set",
                fix=f"set them, or give client_id and client_secret to connect, or {where}",
            )
        return pair


def is_airbytes(base: str) -> bool:
    """Whether a URL is of Airbyte's own cloud, however its host is written."""
    host = unicodedata.normalize("NFKC", unquote(urlsplit(base).hostname or "")).casefold()
    parts = [part for part in re.split(r"[.\u3002\uff0e\uff61]", host) if part]
    return ".".join(parts[-2:]) in AIRBYTE


def check_pair(client_id: str | None, client_secret: str | None) -> None:
    """Raise NotConfigured for half a client: the other half would be somebody else's."""
    if bool(client_id) == bool(client_secret):
        return
    given, missing = ("client_id", "client_secret")[:: 1 if client_id else -1]
    raise NotConfigured(f"the host's client: {given} is given without {missing}", fix=f"give {missing} too")


def missing_of(pair: Sequence[str]) -> list[str]:
    """The variables of the client that are empty."""
    return [name for name, value in zip(CLIENT, pair, strict=True) if not value]


def hosted(values: Values) -> Hosted:
    """What the variables say; mistakes are noted in `values`."""
    organization = values.text(ORGANIZATION)
    if organization and not is_organization(organization):
        values.wrong(ORGANIZATION, "is no UUID")
    client_id, client_secret = map(values.text, CLIENT)
    own, redirected = values.url(HOST_URL), values.url(REDIRECTED)
    said = bool(values.text(WRITES))
    return Hosted(
        own, redirected, client_id, client_secret, organization, values.text(DATABASE), values.text(HOST_KEY),
        values.url(PUBLIC_URL), said,
    )  # fmt: skip


def is_organization(text: str) -> bool:
    """Whether a text has the form of an organization's id."""
    return bool(_UUID.fullmatch(text))
