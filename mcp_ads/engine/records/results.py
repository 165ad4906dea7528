"""Results: what answers were computed from, under names that nobody can guess, for a day."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from mcp_ads.core.columns import Column
from mcp_ads.engine.wire.cursors import LETTERS
from mcp_ads.errors import InvalidParams
from mcp_ads.files.places import Place
from mcp_ads.files.private_files import sealed, unsealed

DAY = 86_400
MOST_BYTES, MOST_FILES = 20 * 2**20, 2_000
VERSION, LENGTH = 2, 12
SLACK = 60.0
"""Seconds by which clocks may differ; what is from later than that is not believed."""
GONE = (
    "from: the rows of this result are no longer kept here (they are a day old, much else was asked since, "
    "or it is from another machine); make the call anew that named it"
)


@dataclass(frozen=True)
class Source:
    """Rows that are kept, whatever they came from: under which name, and what their columns are.

    `name` is that of the spool. `columns` are those an answer shows (none: all there are), `kinds` what is
    declared of columns, `words` other names of columns, `currency` that of all rows' money, "" where rows say
    their own. An answer that names columns begins with the `keys`, which say whose its rows are.

    `what` is the question (connector entity.action), `accounts` whose rows they are, each with its connector;
    empty where no account owns them, or it is not known whose they are. `mark` is the authority they were got
    with and `limited` whether only some accounts were allowed then, `facts` what an answer about them says.
    `identities` are the connections they were got with, each a connector with whose credentials these were.
    """

    name: str
    columns: tuple[str, ...]
    kinds: Mapping[str, Column]
    words: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    what: str = ""
    accounts: tuple[tuple[str, str], ...] = ()
    mark: str = ""
    limited: bool = False
    identities: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """What a handle names: a source, and who made it."""

    source: Source
    owner: str


def new_handle() -> str:
    """A name for a result that nobody can guess."""
    return "r_" + "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def name_of(handle: str) -> str:
    """The name under which a result's rows are kept: no handle can be read from it."""
    return hashlib.sha256(handle.encode(errors="replace")).hexdigest()


class Results:
    """Contents of JSON, each named by the SHA-256 of its handle; no handle stands in one."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def put(self, handle: str, source: Source, owner: str) -> bool:
        """Keep a source under a new handle; False where it cannot be."""
        facts = {**asdict(source), "version": VERSION, "at": time.time(), "owner": owner}
        kept = self._place.add(name_of(handle), sealed(json.dumps(facts).encode(errors="replace")))
        self._place.tidy(seconds=DAY, most_bytes=MOST_BYTES, most_files=MOST_FILES)
        return kept

    def get(self, handle: str) -> Kept:
        """What a handle names. Raises InvalidParams where there is nothing of today, or nothing readable."""
        try:
            facts = json.loads(unsealed(self._place.read(name_of(handle)) or b""))
            if facts["version"] != VERSION or not -SLACK < time.time() - float(facts["at"]) < DAY:
                raise InvalidParams(GONE)
            return Kept(_source(facts), str(facts["owner"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise InvalidParams(GONE) from None


def _source(facts: Mapping[str, Any]) -> Source:
    """A source as it was written. Raises TypeError, ValueError, KeyError, AttributeError for another."""
    return Source(
        name=str(facts["name"]),
        columns=tuple(map(str, facts["columns"])),
        kinds={str(name): _column(column) for name, column in facts["kinds"].items()},
        words=dict(facts["words"]),
        currency=str(facts["currency"]),
        what=str(facts["what"]),
        accounts=tuple((str(connector), str(account)) for connector, account in facts["accounts"]),
        mark=str(facts["mark"]),
        limited=bool(facts["limited"]),
        identities=tuple((str(connector), str(whose)) for connector, whose in facts["identities"]),
        facts=dict(facts["facts"]),
        keys=tuple(map(str, facts.get("keys", ()))),
    )


def _column(facts: Mapping[str, Any]) -> Column:
    """A column's kind as it was written, what a ratio is made of as a list."""
    of = facts["of"]
    return Column(
        facts["kind"], bool(facts["adds"]), of and (str(of[0]), str(of[1]), int(of[2])), str(facts["unit"])
    )
