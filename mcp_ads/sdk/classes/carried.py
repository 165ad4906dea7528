"""A connector class in this process whose requests Airbyte's API carries."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from mcp_ads.platforms import PLATFORMS
from mcp_ads.sdk.auth_configs import AirbyteAuthConfig
from mcp_ads.sdk.local import Local, local_settings
from mcp_ads.settings_airbyte import BACKEND, CONNECTOR_IDS, WORKSPACE
from mcp_ads.settings_hosted import CLIENT, ORGANIZATION


def carried(
    name: str, config: AirbyteAuthConfig, given: Mapping[str, Any], region: str | None = None
) -> Local:
    """The engine with what a program says of Airbyte, in the place of what the environment says.

    Raises BadSettings, whose lines name the variables that these stand for.
    """
    said = {
        BACKEND: "airbyte",
        WORKSPACE: config.workspace,
        ORGANIZATION: config.organization_id,
        CONNECTOR_IDS[name]: config.connector_id,
        CLIENT[0]: config.airbyte_client_id,
        CLIENT[1]: config.airbyte_client_secret,
        f"{PLATFORMS[name]}_REGION": region,
    }
    environ = {**os.environ, **{variable: value for variable, value in said.items() if value}}
    settings, clients_in = local_settings(name, {}, environ=environ, **given)
    return Local(name, settings, clients_in, env_file=given.get("env_file", ""), own=True)
