"""What a program says of a host, and what the environment says -> a connector there."""

from __future__ import annotations

from mcp_ads.auth.hosted import Host
from mcp_ads.auth.hosted_connectors import CONNECTOR_ID
from mcp_ads.connectors import connector as declared
from mcp_ads.errors import BadSettings, UnknownConnector
from mcp_ads.settings import Settings, load
from mcp_ads.settings_hosted import is_organization

from .remote import Remote
from .remote_guards import Guards

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

    `writes` is "plan" (the host has to say that it plans them), "direct" (it may carry them out at once) or
    "off"; MCP_ADS_WRITES holds, too. Raises BadSettings, NotConfigured, UnknownConnector.
    """
    known = declared(connector)
    settings = load(env_file=env_file, named_by="env_file")
    guards = Guards(settings, known.name, writes)
    check_offered(settings, known.name)
    host = host_of(settings, client_id, client_secret, organization_id, connector_id)
    return Remote(
        known,
        host,
        workspace=workspace_name or WORKSPACE,
        connector_id=connector_id,
        guards=guards,
    )


def check_offered(settings: Settings, connector: str) -> None:
    """Raise UnknownConnector for a connector that the user does not have offered."""
    if connector not in settings.platforms:
        raise UnknownConnector(f"{connector} is not among MCP_ADS_CONNECTORS")


def host_of(
    settings: Settings,
    client_id: str = "",
    client_secret: str = "",
    organization_id: str = "",
    connector_id: str = "",
) -> Host:
    """The host that the environment names, and its client; what is given wins, and a client that is given is
    never one of the environment's organization. Every way to a host begins here.

    Where data is to be invented, the host has to say with its token that its own is. Raises BadSettings where
    there is none, or where Airbyte's cloud is meant; NotConfigured without a client.
    """
    mistakes = []
    if any(platform.airbyte for platform in settings.platforms.values()):
        mistakes.append(
            'MCP_ADS_BACKEND: is airbyte: give backend="airbyte", too, or unset it if your own host is meant'
        )
    theirs = "" if client_id or client_secret else settings.hosted.organization_id
    organization = organization_id or theirs
    if organization and not is_organization(organization):
        mistakes.append("organization_id: is no UUID")
    if connector_id and not CONNECTOR_ID.fullmatch(connector_id):
        mistakes.append("connector_id: is no id of a host's")
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    client = settings.hosted.client(client_id, client_secret)
    return Host(settings.hosted.base, *client, organization, settings.sandbox)
