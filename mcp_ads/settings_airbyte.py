"""MCP_ADS_BACKEND=airbyte: whose API carries the platforms' requests, and which connectors do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .platforms import AIRBYTE_VERSIONS, CREDENTIALS, PLATFORMS, Airbyte
from .settings_hosted import CLIENT, hosted, missing_of
from .settings_values import Values, shown

if TYPE_CHECKING:
    from .settings_connections import Further

BACKEND, WORKSPACE = "MCP_ADS_BACKEND", "AIRBYTE_WORKSPACE_NAME"
AIRBYTE_URL, DEFAULT_WORKSPACE = "https://api.airbyte.ai", "default"
CONNECTOR_IDS = {name: f"AIRBYTE_{prefix}_CONNECTOR_ID" for name, prefix in PLATFORMS.items()}
OWN = (*CLIENT, "AIRBYTE_ORGANIZATION_ID", WORKSPACE, *CONNECTOR_IDS.values())
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


def over_airbyte(values: Values) -> bool:
    """Whether Airbyte's API carries the requests; a slip is noted, as it would send them elsewhere."""
    chosen: str = values.choice(BACKEND, ("direct", "airbyte"))
    return chosen == "airbyte"


def airbyte(values: Values, name: str) -> Airbyte | None:
    """What carries a platform's requests, if anything does; mistakes are noted in `values`."""
    if not over_airbyte(values):
        return None
    if values.world()[0]:
        values.wrong(BACKEND, "airbyte and MCP_ADS_SANDBOX are set, and only one can answer: unset one")
    known, connector_id = hosted(values), values.text(CONNECTOR_IDS[name])
    if missing := missing_of((known.client_id, known.client_secret)):
        values.wrong(BACKEND, f"airbyte needs {' and '.join(missing)}, which are not set")
    if connector_id and not _ID.fullmatch(connector_id):
        values.wrong(CONNECTOR_IDS[name], "is no connector's id: copy it from Airbyte")
    _check_unused(values, name)
    _check_names(values)
    workspace = values.text(WORKSPACE) or DEFAULT_WORKSPACE
    base = known.redirected or AIRBYTE_URL
    return Airbyte(base, known.client_id, known.client_secret, known.organization_id, workspace, connector_id)


def _check_unused(values: Values, name: str) -> None:
    """What would send requests elsewhere, or as of another version, is a mistake."""
    prefix, version = PLATFORMS[name], AIRBYTE_VERSIONS.get(name, "")
    for ending in ("BASE_URL", "TOKEN_URL"):
        if values.text(f"{prefix}_{ending}"):
            values.wrong(f"{prefix}_{ending}", f"is not used where {BACKEND} is airbyte: leave it out")
    key = f"{prefix}_API_VERSION"
    if (text := values.text(key)) and version and text != version:
        values.wrong(key, f"{shown(text)} is not what Airbyte's connector calls: {version}; leave it out")


def _check_names(values: Values) -> None:
    """A slip in one of Airbyte's variables would mean another workspace or connector."""
    for key in values.values:
        near = difflib.get_close_matches(key.upper(), OWN, n=1, cutoff=0.85)
        if key not in OWN and near:
            values.wrong(key, f"there is no such setting; did you mean {near[0]}?")


def unused(values: Values) -> list[str]:
    """A line for each platform with credentials that are not used, because Airbyte has its own."""
    if not over_airbyte(values):
        return []
    named = [(prefix, f"{prefix}_{each}") for prefix in PLATFORMS.values() for each in CREDENTIALS]
    found = dict[str, list[str]]()
    for prefix, key in named:
        if values.text(key):
            found.setdefault(prefix, []).append(key)
    return [f"{', '.join(keys)}: not used, because {BACKEND} is airbyte" for keys in found.values()]


def one_each(values: Values, known: Further) -> Further:
    """The further connections there are: none over Airbyte, where each platform has one connector.

    An allow-list of one of them would guard nothing then, and is a mistake.
    """
    if not over_airbyte(Values(values.values, [])):
        return known
    for name, written in known.written.items():
        if written.accounts:
            values.wrong(
                BACKEND,
                f"airbyte has one connection for each platform, so the accounts of [{name}] in "
                f"connections.toml would guard nothing: use {PLATFORMS[written.connector]}_ACCOUNT_IDS",
            )
    variables: Mapping[str, Mapping[str, set[str]]] = known.variables
    for connector, names in variables.items():
        for name, endings in names.items():
            if "ACCOUNT_IDS" in endings:
                base = PLATFORMS[connector]
                key = f"{base}__{name.upper().replace('-', '_')}__ACCOUNT_IDS"
                values.wrong(key, f"guards nothing: {BACKEND} is airbyte; use {base}_ACCOUNT_IDS")
    return type(known)()
