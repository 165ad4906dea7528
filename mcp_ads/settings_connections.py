"""Several connections per platform: of variables with `__NAME__`, of connections.toml, of stored sign-ins."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .connectors import canonical
from .errors import BadSettings
from .platforms import CREDENTIALS, OF_CONNECTION, PLATFORMS, SHORT, TOKENS, Platform
from .settings_lists import check_lists, check_tables, check_unread
from .settings_platforms import accounts, consent_page, hosts_of
from .settings_values import Values
from .variables import VARIABLES

if TYPE_CHECKING:
    from .auth.signed_in import SignedIn
    from .connections import Connection

NAMED = re.compile(r"([A-Z]+(?:_[A-Z]+)*?)__(.*)__([A-Z_]+)", re.ASCII)
PART = re.compile(r"[A-Z0-9](?:_?[A-Z0-9]){0,39}", re.ASCII)
"""A connection's name as a variable has it."""


@dataclass(frozen=True)
class Further:
    """What there is of connections beside the base variables; `variables` by connector and name."""

    variables: Mapping[str, Mapping[str, set[str]]] = field(default_factory=dict)
    written: Mapping[str, Connection] = field(default_factory=dict)
    signed_in: Mapping[str, SignedIn] = field(default_factory=dict)

    def names(self, connector: str) -> list[str]:
        """The connections of one platform, in the order of the file, then of variables, then of sign-ins."""
        written = [name for name, known in self.written.items() if known.connector == connector]
        signed_in = [name for name, known in self.signed_in.items() if known.connector == connector]
        variables = sorted(self.variables.get(connector, ()))
        return list(dict.fromkeys([*written, *variables, *signed_in]))


def further(values: Values, home: Path) -> Further:
    """What a home and the variables say of connections; their mistakes are noted in `values`."""
    variables = _variables(values)
    written: dict[str, Connection] = {}
    if (home / "connections.toml").exists():
        from .connections import read

        try:
            written = read(home)
        except BadSettings as error:
            values.mistakes += error.lines
    signed_in: dict[str, SignedIn] = {}
    if (home / "signed-in").is_dir():
        from .auth.vault import vault

        kept = vault(home)
        found = {name: kept.facts(name) for name in kept.names()}
        signed_in = {name: facts for name, facts in found.items() if facts and facts.connector in PLATFORMS}
    known = Further(variables, written, signed_in)
    _check_names(values, known)
    check_lists(values, known)
    check_tables(values, known)
    check_unread(values, known)
    return known


def connections(values: Values, base: Platform, known: Further) -> tuple[Platform, ...]:
    """The connections of one platform, the one of the base variables first; never none."""
    names, first = known.names(base.name), SHORT.get(base.name, base.name)
    default = _first(values, base, known) if first in names else base
    others = tuple(_other(values, base, name, known) for name in names if name != first)
    if first in names or default.credentials or not others:
        return (default, *others)
    if base.account_ids:
        values.wrong(
            f"{base.prefix}_ACCOUNT_IDS",
            f"is for the connection {first}, which has no credentials, and guards nothing; "
            f"the accounts of {', '.join(names)} stand in connections.toml",
        )
    return others


def notes(known: Further, platforms: Mapping[str, tuple[Platform, ...]]) -> list[str]:
    """A line for each stored sign-in that is not used, because variables have credentials for it."""
    return [
        f"{platform.label}: {platform.prefix}_{name} is set, so what `mcp-ads login` stored is not used"
        for several in platforms.values()
        for platform in several
        for name in TOKENS
        if platform.label in known.signed_in and name in platform.credentials
    ]


def _first(values: Values, base: Platform, known: Further) -> Platform:
    """The platform of the base variables, with what is stored where they say nothing."""
    name = SHORT[base.name]
    platform = _with_stored(values, base, name, known)
    by_variables = any(credential in base.credentials for credential in TOKENS)
    return replace(platform, connection="" if by_variables else name)


def _other(values: Values, base: Platform, name: str, known: Further) -> Platform:
    """A further connection: the platform's hosts and version, and credentials and accounts of its own."""
    bare = replace(base, credentials={}, account_ids=(), default_account="", connection=name)
    prefix = bare.prefix
    credentials = {each: text for each in CREDENTIALS if (text := values.text(f"{prefix}_{each}"))}
    listed, default = accounts(values, base.name, prefix)
    hosts, _ = hosts_of(values, base.name, f"{prefix}_REGION")
    platform = replace(
        bare, credentials=credentials, account_ids=listed, default_account=default, hosts=hosts,
        auth_url=consent_page(values, base.name, hosts, base.api_version),
    )  # fmt: skip
    return _with_stored(values, platform, name, known)


def _with_stored(values: Values, platform: Platform, name: str, known: Further) -> Platform:
    """A platform with what the file and the sign-in of that name have, where variables say nothing."""
    written, signed_in = known.written.get(name), known.signed_in.get(name)
    if written:
        platform = replace(
            platform,
            account_ids=platform.account_ids or written.accounts,
            default_account=platform.default_account or _default(platform, written),
            client_id=written.client_id,
        )
        if written.region and not values.text(f"{platform.prefix}_REGION"):
            platform = _in_region(values, platform, written.region)
    if signed_in and not any(credential in platform.credentials for credential in TOKENS):
        platform = replace(platform, signed_in=signed_in, client_id=platform.client_id or signed_in.client_id)
    return platform


def _in_region(values: Values, platform: Platform, region: str) -> Platform:
    """The same platform at the host of one region alone."""
    hosts = {region: platform.hosts[region]} if region in platform.hosts else {}
    if not hosts:
        prefix = PLATFORMS[platform.name]
        values.wrong(f"{prefix}_BASE_URL", f"gives no URL for region {region} of [{platform.label}]")
    page = consent_page(values, platform.name, hosts, platform.api_version)
    return replace(platform, hosts=hosts, auth_url=page)


def _default(platform: Platform, written: Connection) -> str:
    """The default account of the file, unless variables allow others only."""
    default = written.default_account
    return default if not platform.account_ids or default in platform.account_ids else ""


def _variables(values: Values) -> dict[str, dict[str, set[str]]]:
    """Which variables there are of further connections, by connector and name; mistakes are noted."""
    found: dict[str, dict[str, set[str]]] = {}
    prefixes = {f"{prefix}__": name for name, prefix in PLATFORMS.items()}
    for key in sorted(values.values):
        connector = next((name for prefix, name in prefixes.items() if key.upper().startswith(prefix)), "")
        if not connector:
            continue
        named, last = NAMED.fullmatch(key), _endings(connector)
        if named and named[3] in last and PART.fullmatch(named[2]):
            name = named[2].lower().replace("_", "-")
            found.setdefault(connector, {}).setdefault(name, set()).add(named[3])
            if VARIABLES[f"{PLATFORMS[connector]}_{named[3]}"].guard and not values.text(key).strip(" ,"):
                values.wrong(key, "is empty, which is not none: leave it out to allow all accounts")
        else:
            values.wrong(key, _slip(key, PLATFORMS[connector], last))
    return found


def _endings(connector: str) -> list[str]:
    return [ending for ending in OF_CONNECTION if f"{PLATFORMS[connector]}_{ending}" in VARIABLES]


def _slip(key: str, prefix: str, endings: list[str]) -> str:
    """What is wrong with a variable that is to be one of a further connection."""
    name, _, last = key.upper().removeprefix(f"{prefix}__").rpartition("__")
    near = difflib.get_close_matches(last, endings, n=1, cutoff=0.6)
    if PART.fullmatch(name) and near and f"{prefix}__{name}__{near[0]}" != key:
        return f"there is no such setting; did you mean {prefix}__{name}__{near[0]}?"
    return f"write {prefix}__NAME__{endings[0]}, where the last part is one of {', '.join(endings)}"


def _check_names(values: Values, known: Further) -> None:
    """A name is one connection's, whatever says so; that of a platform's first one is no other's."""
    firsts = {name: connector for connector, name in SHORT.items()}
    holders: dict[str, list[str]] = {}
    for connector in PLATFORMS:
        for name in known.names(connector):
            holders.setdefault(name, []).append(connector)
    for name, connectors in holders.items():
        if len(connectors) > 1:
            values.wrong(name, f"is a connection of {' and of '.join(connectors)}; give each its own name")
        elif firsts.get(name, connectors[0]) != connectors[0]:
            values.wrong(name, f"a connection of {connectors[0]} cannot have the name of {firsts[name]}'s")
        elif name in firsts and name in known.variables.get(connectors[0], ()):
            prefix = PLATFORMS[connectors[0]]
            values.wrong(f"{prefix}__{name.upper()}__…", f"is the first connection: write {prefix}_…")


def strangers(names: Mapping[str, str]) -> list[str]:
    """A line for each variable that looks like a further connection's of a platform by another name."""
    lines = []
    for key in sorted(names):
        named = NAMED.fullmatch(key)
        if named and named[1] not in PLATFORMS.values() and named[3] in OF_CONNECTION:
            connector = canonical(named[1])
            if prefix := PLATFORMS.get(connector):
                lines.append(f"{key}: nothing reads it; did you mean {prefix}__{named[2]}__{named[3]}?")
    return lines
