"""Allow-lists that guard nothing, because the connection they name is another or none: each is a mistake."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from .connectors import ALSO, canonical
from .platforms import CREDENTIALS, PLATFORMS, SHORT, TOKENS
from .settings_values import Values
from .variables import VARIABLES

if TYPE_CHECKING:
    from .settings_connections import Further

LISTS = ("ACCOUNT_IDS", "PROFILE_ID")
ELSEWHERE = (*LISTS, "AD_ACCOUNT_IDS")
"""Lists under a platform's other names; what is less like ours there, other software may have."""


def check_lists(values: Values, known: Further) -> None:
    """An allow-list under a name that nothing else has guards nothing, beside credentials without a list."""
    for connector, prefix in PLATFORMS.items():
        several = known.variables.get(connector, {})
        listed = _listed(values, connector, known)
        open_ones = [name for name in _with_credentials(values, connector, known) if name not in listed]
        for name, endings in several.items():
            if endings.intersection(CREDENTIALS) or name in known.written or name in known.signed_in:
                continue
            near = difflib.get_close_matches(name, open_ones, n=1, cutoff=0.6)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(open_ones)}"
            for ending in sorted(endings.intersection(LISTS)) if open_ones else ():
                values.wrong(
                    f"{prefix}__{name.upper().replace('-', '_')}__{ending}",
                    f"there is no connection {name} that it could guard; {meant} "
                    f"(for one that is to come, write [{name}] into connections.toml first)",
                )


def _listed(values: Values, connector: str, known: Further) -> set[str]:
    """The connections that have a list of accounts, of variables or of the file."""
    base = (
        {SHORT[connector]} if any(values.text(f"{PLATFORMS[connector]}_{name}") for name in LISTS) else set()
    )
    several = known.variables.get(connector, {}).items()
    written = {name for name, table in known.written.items() if table.accounts}
    found = written | {name for name, endings in several if endings.intersection(LISTS)}
    return found | {SHORT[connector]} if base else found


def _with_credentials(values: Values, connector: str, known: Further) -> list[str]:
    """The connections of a platform that calls can go out with."""
    base = [SHORT[connector]] if any(values.text(f"{PLATFORMS[connector]}_{name}") for name in TOKENS) else []
    several = known.variables.get(connector, {}).items()
    named = [name for name, endings in several if endings.intersection(TOKENS)]
    signed_in = [name for name, facts in known.signed_in.items() if facts.connector == connector]
    return list(dict.fromkeys([*base, *named, *signed_in]))


def check_tables(values: Values, known: Further) -> None:
    """A table that was given another name leaves the credentials it was for without the accounts in it.

    Credentials of variables need no table: theirs was renamed only where the two names are alike.
    """
    for connector in PLATFORMS:
        there = _with_credentials(values, connector, known)
        tables = [
            name
            for name, written in known.written.items()
            if written.connector == connector and written.accounts and name not in there
        ]
        listed = _listed(values, connector, known)
        for name in there:
            also = [table for table in tables if name == SHORT[connector] and canonical(table) == connector]
            near = also or [table for table in tables if _alike(name, table)]
            meant = tables if name in known.signed_in else near
            if meant and name not in known.written and name not in listed:
                values.wrong(
                    f"connections.toml: [{meant[0]}]",
                    f"has accounts and no credentials, and {name} has credentials and no table: "
                    f"if it is for {name}, call it [{name}], else write a table [{name}], with its accounts",
                )


def check_unread(values: Values, known: Further) -> None:
    """A list that nothing reads, of a platform's base variables, leaves its credentials open.

    Under the platform's prefix whatever ends like a list is meant as one. Its other names (META_ACCOUNT_IDS)
    other software has, too: there it has to be a list by its whole name, and a connection without one.
    """
    prefixes = {prefix: connector for connector, prefix in PLATFORMS.items()}
    names = prefixes | {name.upper(): connector for name, connector in ALSO.items()}
    for key in sorted(key for key in values.values if "__" not in key and key not in VARIABLES):
        begun = [name for name in names if key.upper().startswith(f"{name}_")]
        if not begun:
            continue
        name = max(begun, key=len)
        connector, rest = names[name], key.upper().removeprefix(f"{name}_")
        there = _with_credentials(values, connector, known)
        unguarded = set(there) - _listed(values, connector, known)
        is_list = _ends_like_a_list(rest) if name in prefixes else rest in ELSEWHERE and bool(unguarded)
        if is_list and there:
            values.wrong(key, f"it guards nothing; did you mean {_list_meant(connector, rest, there)}?")


def _ends_like_a_list(rest: str) -> bool:
    parts = rest.split("_")
    ends = ("_".join(parts[-2:]), parts[-1])
    return any(difflib.get_close_matches(end, LISTS, n=1, cutoff=0.75) for end in ends)


def _list_meant(connector: str, rest: str, there: list[str]) -> str:
    """The list that is meant: of the connection whose name stands in it, else of the base variables."""
    prefix = PLATFORMS[connector]
    ending = "PROFILE_ID" if "PROFILE" in rest and f"{prefix}_PROFILE_ID" in VARIABLES else LISTS[0]
    parts = (name.upper().replace("-", "_") for name in there if name != SHORT[connector])
    named = next((part for part in parts if rest.startswith(f"{part}_")), "")
    return f"{prefix}__{named}__{ending}" if named else f"{prefix}_{ending}"


def _alike(one: str, other: str) -> bool:
    return bool(
        one.startswith(f"{other}-")
        or other.startswith(f"{one}-")
        or difflib.get_close_matches(one, [other], cutoff=0.7)
    )


def misnamed(values: Values) -> None:
    """Note each allow-list whose name only looks like one of a platform's connections: it guards nothing."""
    for key in sorted(values.values):
        head, parted, last = key.upper().rpartition("__")
        near = difflib.get_close_matches(last, LISTS, n=1, cutoff=0.8) if parted else []
        if near and (meant := _meant(head)):
            prefix, name = meant
            values.wrong(key, f"it guards nothing; did you mean {prefix}__{name or 'NAME'}__{near[0]}?")


def _meant(head: str) -> tuple[str, str] | None:
    """The platform's prefix and the connection that the beginning of a variable seems to mean.

    None for one that is right, and for other software's.
    """
    prefixes = list(PLATFORMS.values())
    if head.startswith(tuple(f"{prefix}__" for prefix in prefixes)):
        return None
    for prefix in prefixes:
        if head.startswith(f"{prefix}_"):
            return prefix, head.removeprefix(f"{prefix}_").strip("_")
    place, _, name = head.partition("__")
    if prefix := PLATFORMS.get(canonical(place), ""):
        return prefix, name.strip("_")
    near = difflib.get_close_matches(place, prefixes, n=1, cutoff=0.85)
    return (near[0], name.strip("_")) if near else None
