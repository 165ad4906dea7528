"""Run by a Python with an older package of Airbyte's on its path: what it makes of a host, as JSON.

`older_trials.py MODULE` reads from stdin where the host is, whose client it is, and the workspace.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from typing import Any

LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "facebook_marketing": ("campaigns", {"account_id": "1234567890"}),
    "linkedin_ads": ("accounts", {"q": "search"}),
    "amazon_ads": ("profiles", {}),
}


def pointed(module: str, url: str) -> None:
    """Have the package ask this host; only its last releases know a variable for that."""
    client = importlib.import_module(
        f"{module}._vendored.connector_sdk.cloud_utils.client"
    ).AirbyteCloudClient
    for name in ("AUTH_BASE_URL", "API_BASE_URL"):
        setattr(client, name, url)


def connector_of(package: Any, name: str, given: dict[str, Any]) -> tuple[Any, Any]:
    """The class, and one of it for the workspace as that release says it."""
    made = getattr(package, "".join(map(str.capitalize, name.split("_"))) + "Connector")
    client = {f"airbyte_{key}": given[key] for key in ("client_id", "client_secret")}
    config = getattr(package, "AirbyteAuthConfig", None)
    if config is None:
        return made, made(external_user_id=given["workspace"], **client)
    known = {*config.model_fields}
    workspace = next(key for key in ("workspace_name", "customer_name", "external_user_id") if key in known)
    return made, made(auth_config=config(**{workspace: given["workspace"]}, **client))


async def tried(module: str, given: dict[str, Any]) -> dict[str, Any]:
    """What each kind of call comes to: how many rows, a status, a URL; or how it failed."""
    name = module.removeprefix("airbyte_agent_")
    pointed(module, given["url"])
    made, connector = connector_of(importlib.import_module(module), name, given)
    entity, params = LISTS[name]

    async def executed() -> Any:
        found = await connector.execute(entity, "list", params)
        return len(found.data)

    async def listed() -> Any:
        method = getattr(connector, entity).list
        known = inspect.signature(method).parameters
        wanted = {key: value for key, value in params.items() if key in known}
        return len((await method(**wanted)).data)

    async def checked() -> Any:
        return (await connector.check()).status

    async def consent() -> Any:
        config = importlib.import_module(module).AirbyteAuthConfig
        known = {*config.model_fields}
        workspace = next(key for key in ("customer_name", "external_user_id") if key in known)
        client = {f"airbyte_{key}": given[key] for key in ("client_id", "client_secret")}
        auth = config(**{workspace: given["workspace"]}, **client)
        return await made.get_consent_url(airbyte_config=auth, redirect_url="https://example.com/back")

    found = dict[str, Any]()
    later = {"check": checked, "get_consent_url": consent}
    calls = (executed, listed, *(call for has, call in later.items() if hasattr(made, has)))
    for call in calls:
        try:
            found[call.__name__] = await call()
        except Exception as error:  # noqa: BLE001 - of any kind, it is what is asked for
            found[call.__name__] = f"{type(error).__name__}: {error}"
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(tried(sys.argv[1], json.load(sys.stdin)))))
