"""The parameters of an action as rows, read from the page that an agent is given: nobody is told anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mcp_ads.core import Action, Offer, describe
from mcp_ads.core.connector import Connector

LINE = re.compile(r"- (?P<name>\w+)(?P<required>\*?)(?: \((?P<type>.*?)\)(?=:|$))?(?:: (?P<said>.*))?")
DEFAULT = ", default "


@dataclass(frozen=True)
class Parameter:
    """One row: its type as an agent reads it, its default as text, and what it means, with its units."""

    name: str
    required: bool
    type: str
    default: str
    said: str


@dataclass(frozen=True)
class Described:
    """What is said of an action beside its parameters: all it does, and the columns its rows have."""

    does: str
    parameters: tuple[Parameter, ...]
    columns: str


def described(found: Offer, entity: str, name: str, kind: type[Action]) -> Described:
    """An action's description in parts. Raises ValueError for one that is written in another way."""
    account = found.accounts.param if isinstance(found, Connector) else "account_id"
    head, *lines = describe.page(found.name, entity, name, kind, account=account).splitlines()
    listed = tuple(_parameter(line) for line in _listed(lines))
    columns = next((line for line in lines if line.startswith("Default columns: ")), "")
    return Described(head.partition("): ")[2], listed, columns.removeprefix("Default columns: "))


def _listed(lines: list[str]) -> Iterator[str]:
    for line in lines[lines.index("Parameters (* required):") + 1 :]:
        if not line:
            return
        yield line


def _parameter(line: str) -> Parameter:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"a parameter is described in a way that is not understood: {line}")
    kind, _, default = (found["type"] or "").partition(DEFAULT)
    return Parameter(found["name"], bool(found["required"]), kind, default, found["said"] or "")
