"""Which connector of a host is meant: the one of its kind in a workspace."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import httpx

from mcp_ads.core.cells import cut, visible
from mcp_ads.errors import ApiError, NoConnector, PlatformDown, RateLimited, Rejected, SeveralConnectors

from .answers import json_object
from .hosted import FAILED, MOST_OF_LIST, SLOW_DOWN, SLOWLY, Host, not_accepted, said, wait_of

CONNECTORS = "/api/v1/integrations/connectors"
DEFINITIONS = {
    "facebook_marketing": "e7778cfc-e97c-4458-9ecb-b4f2bba8946c",
    "linkedin_ads": "137ece28-5434-455c-8f34-69dc3782f451",
    "amazon_ads": "c6b0a29e-1da9-4512-9002-7bfd0cba2246",
}
"""By connector, the id by which hosts know its kind."""
MOST_NAME = 80
CONNECTOR_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""What stands in paths as it is."""


def id_variable(connector: str) -> str:
    """The variable that names a connector's id at a host."""
    return f"AIRBYTE_{connector.upper()}_CONNECTOR_ID"


async def look_up(client: httpx.AsyncClient, host: Host, connector: str, workspace: str) -> str:
    """The id of the workspace's one connector of this kind.

    Raises NoConnector, SeveralConnectors, which lists ids and names, or ApiError.
    """
    asked = {"workspace_name": workspace, "definition_id": DEFINITIONS[connector]}
    try:
        response = await client.get(CONNECTORS, params=asked, extensions={"most": MOST_OF_LIST})
    except (httpx.TransportError, httpx.DecodingError, ConnectionError) as error:
        what = f"{host.name} does not answer which connectors there are: {type(error).__name__}"
        raise PlatformDown(what, fix="call again in a minute") from None
    if not response.is_success:
        raise refused(host, response)
    found = _of_kind(json_object(response).get("data"), connector)
    if found is None:
        raise PlatformDown(f"{host.name} answers with no list of connectors", status=response.status_code)
    variable, named = id_variable(connector), _quoted(workspace)
    if not found:
        fix = f"add it there, name another workspace (AIRBYTE_WORKSPACE_NAME), or set {variable}"
        raise NoConnector(f"{host.name} has no {connector} connector in the workspace {named}", fix=fix)
    if len(found) > 1:
        listed = ", ".join(f"{cut(visible(id_), MOST_NAME)} {name}" for id_, name in found)
        raise SeveralConnectors(
            f"{host.name} has {len(found)} {connector} connectors in the workspace {named}: {listed}",
            fix=f"set {variable} (connector_id in Python) to the id of one",
        )
    if not CONNECTOR_ID.fullmatch(found[0][0]):
        raise PlatformDown(
            f"{host.name} gives the connector an id that is none", fix="call again in a minute"
        )
    return found[0][0]


async def is_known(client: httpx.AsyncClient, connector_id: str) -> bool | None:
    """Whether the host knows a connector of this id; None where it does not say."""
    path = f"{CONNECTORS}/{quote(connector_id, safe='')}"
    try:
        response = await client.get(path, extensions={"most": MOST_OF_LIST})
    except (httpx.TransportError, httpx.DecodingError, ConnectionError, ApiError):
        return None
    if response.status_code == httpx.codes.NOT_FOUND:
        return False
    return True if response.is_success and json_object(response).get("id") == connector_id else None


def _of_kind(listed: Any, connector: str) -> list[tuple[str, str]] | None:
    """Ids and names of those of a kind; None where the answer is no list of connectors."""
    if not isinstance(listed, list):
        return None
    found = []
    for one in listed:
        if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not one["id"]:
            return None
        template = one.get("summarized_source_template")
        kind = template.get("actor_definition_id") if isinstance(template, dict) else None
        if kind is None or str(kind).lower() == DEFINITIONS[connector]:
            found.append((one["id"], _quoted(str(one.get("name") or ""))))
    return found


def _quoted(name: str) -> str:
    """A name that somebody else gave, so that it can be taken for nothing else."""
    return visible(json.dumps(cut(name, MOST_NAME), ensure_ascii=False))


def refused(host: Host, response: httpx.Response) -> ApiError:
    """What a host's refusal of a read means; its text is data."""
    status = response.status_code
    known: dict[str, Any] = {"status": status, "platform_text": said(response)}
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return not_accepted(host, **known)
    if status == SLOW_DOWN:
        return RateLimited(
            f"{host.name} asks to slow down", retry_after=wait_of(response), fix=SLOWLY, **known
        )
    if status >= FAILED or response.is_redirect:
        return PlatformDown(f"{host.name} failed to answer", fix="call again in a minute", **known)
    return Rejected(f"{host.name} refused this", **known)
