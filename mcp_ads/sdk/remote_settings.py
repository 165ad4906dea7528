"""What a program says of a host, and what the environment says -> a connector there."""

from __future__ import annotations

from mcp_ads.auth.hosted import Host
from mcp_ads.connectors import connector as declared
from mcp_ads.errors import BadSettings, UnknownConnector
from mcp_ads.settings import Settings, load
from mcp_ads.settings_hosted import is_organization
from mcp_ads.write_modes import write_mode

from .remote import CONNECTOR_ID, Remote

WORKSPACE = "default"
"""The workspace that is meant where none is named."""


def remote_of(
    connector: str,
    *,
    workspace_name: str = "",
    connector_id: str = "",
    organization_id: str = "",
    client_id: str = "",
    client_secret: str = "",
    writes: str | bool | None = None,
    env_file: str = "",
) -> Remote:
    """A connector at the host that the environment names; nothing is sent.

    `writes` may be "off": nothing can be changed then. Everything else the host decides. Raises BadSettings,
    NotConfigured, UnknownConnector.
    """
    known = declared(connector)
    settings = load(env_file=env_file, named_by="env_file")
    if writes is not None and write_mode(writes) != "off":
        raise BadSettings(
            f'writes: the host decides whether writes are planned; {writes!r} cannot be given, only "off"'
        )
    if known.name not in settings.platforms:
        raise UnknownConnector(f"{known.name} is not among MCP_ADS_CONNECTORS")
    if settings.platforms[known.name].airbyte:
        raise BadSettings(
            'MCP_ADS_BACKEND: is airbyte: give backend="airbyte", too, or unset it if your own host is meant'
        )
    host = host_of(settings, client_id, client_secret, organization_id, connector_id)
    return Remote(
        known,
        host,
        workspace=workspace_name or WORKSPACE,
        connector_id=connector_id,
        writes_off=writes is not None or settings.writes == "off",
    )


def host_of(
    settings: Settings,
    client_id: str = "",
    client_secret: str = "",
    organization_id: str = "",
    connector_id: str = "",
) -> Host:
    """The host that the environment names, and its client; what is given wins.

    Raises BadSettings where there is none, or where data is to be invented; NotConfigured without a client.
    """
    mistakes = []
    if settings.sandbox:
        mistakes.append(
            "MCP_ADS_SANDBOX: is set, and a host's data is not invented: unset it, or connect without "
            "workspace_name, connector_id and organization_id"
        )
    organization = organization_id or settings.hosted.organization_id
    if organization and not is_organization(organization):
        mistakes.append("organization_id: is no UUID")
    if connector_id and not CONNECTOR_ID.fullmatch(connector_id):
        mistakes.append("connector_id: is no id of a host's")
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return Host(settings.hosted.base, *settings.hosted.client(client_id, client_secret), organization)
