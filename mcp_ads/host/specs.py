"""What each kind of connector wants, as JSON Schema. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.platforms import AMAZON_HOSTS

from .catalog import Definition

SAID: Mapping[str, str] = {
    "access_token": "Access token of a user who may see the ad accounts",
    "account_key": "Access token of a system user",
    "refresh_token": "Refresh token that the consent gave",
    "client_id": "Id of the app at the platform that the token was given to",
    "client_secret": "Secret of that app",
    "account_ids": "Ad account ids, with commas or spaces between them; they limit no call",
    "profiles": "Profile ids, with commas or spaces between them; they limit no call",
    "start_date": "A day, YYYY-MM-DD; it limits no call",
    "region": "The region of Amazon's accounts; left out, all three are asked",
}


def spec(definition: Definition) -> dict[str, Any]:
    """The schema of what a connector of this kind is created with."""
    ways = [_object(needed, besides, secret=True) for needed, besides in definition.schemes]
    config = _object(definition.needed, definition.optional, secret=False)
    properties: dict[str, Any] = {"credentials": {"oneOf": ways}, "replication_config": config}
    if "region" in definition.optional:
        properties["environment"] = {
            "type": "object",
            "properties": {"region": _property("region", secret=False)},
            "additionalProperties": False,
        }
    required = ["credentials", *(["replication_config"] if definition.needed else [])]
    return {"type": "object", "required": required, "properties": properties}


def _object(needed: frozenset[str], besides: frozenset[str], *, secret: bool) -> dict[str, Any]:
    names = [*sorted(needed), *sorted(besides)]
    return {
        "type": "object",
        "required": sorted(needed),
        "properties": {name: _property(name, secret=secret) for name in names},
        "additionalProperties": False,
    }


def _property(name: str, *, secret: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "string", "description": SAID[name]}
    if secret and name != "client_id":
        said["airbyte_secret"] = True
    if name == "start_date":
        said |= {"format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    if name == "region":
        said |= {"enum": [*AMAZON_HOSTS, *AMAZON_HOSTS.values()]}
    return said
