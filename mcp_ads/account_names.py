"""Accounts as people write them in files and URLs: facebook:123, linkedin:456, amazon:789."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .errors import BadSettings
from .platforms import SHORT

CONNECTORS: Mapping[str, str] = {place: connector for connector, place in SHORT.items()}
FORM = "write facebook:123, linkedin:456 or amazon:789"
MOST_SHOWN = 40


def accounts_of(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The ids by connector. Raises BadSettings, a line for each that is none; no name at all is one, too."""
    found: dict[str, tuple[str, ...]] = {}
    mistakes = []
    for name in names:
        place, _, account = name.partition(":")
        if place not in CONNECTORS or not (account.isascii() and account.isdigit()):
            mistakes.append(f"{_shown(name)} is no account; {FORM}")
            continue
        known = found.get(CONNECTORS[place], ())
        found[CONNECTORS[place]] = tuple(dict.fromkeys((*known, account)))
    if mistakes or not found:
        raise BadSettings("\n".join(mistakes or ["empty, which is not all; leave it out for all"]))
    return found


def named(accounts: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The accounts as people write them."""
    return [f"{SHORT[connector]}:{account}" for connector, ids in accounts.items() for account in ids]


def _shown(name: str) -> str:
    """A name as a mistake quotes it; what is long may be a token in the wrong place."""
    return repr(name) if len(name) <= MOST_SHOWN else "what is written there"
