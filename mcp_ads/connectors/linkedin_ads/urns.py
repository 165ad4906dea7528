"""LinkedIn's ids: digits to people and in paths, URNs in queries and bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from . import restli

MOST_IDS = 100
_REF = re.compile(r"[0-9]+|@[0-9]+\.id")
_NAME = re.compile(r"[A-Za-z0-9_-]+|@[0-9]+\.id")


@dataclass(frozen=True)
class Urn:
    """Marks a parameter as an id: given as digits or a URN, digits in paths, a URN in queries and bodies.

    `shape` is one id, a list of them, or either; `whole` keeps the URN in paths too. Media have ids that are
    not `digits`, conversion rules another `space` than urn:li.
    """

    kind: str
    shape: Literal["one", "list", "either"] = "one"
    whole: bool = False
    digits: bool = True
    space: str = "li"

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(self.spell)
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        if self.shape == "one":
            return {"type": "string"}
        return {"type": "array" if self.shape == "list" else ["string", "array"], "items": {"type": "string"}}

    def read(self, value: Any) -> str | list[str]:
        """The id without its prefix; raises ValueError for anything else."""
        several = isinstance(value, list) or "," in str(value)
        if self.shape == "one" and isinstance(value, list | dict):
            raise ValueError(f"no text: it does not fit; write {'digits or ' * self.digits}{self.prefix}…")
        if self.shape == "one" or (self.shape == "either" and not several):
            return self._one(value)
        found = [self._one(item) for item in items(value)]
        if self.shape == "either" and not 1 <= len(found) <= MOST_IDS:
            raise ValueError(f"1 to {MOST_IDS} ids")
        return found

    def spell(self, value: str | list[str] | None) -> Any:
        """The URN, or a list of them; a reference to what another step makes stays as it is."""
        if isinstance(value, list):
            return [self.spell(id_) for id_ in value]
        if value is None or value.startswith("@"):
            return value
        return self.prefix + value.removeprefix(self.prefix)

    @property
    def prefix(self) -> str:
        return f"urn:{self.space}:{self.kind}:"

    def _named(self, text: str) -> str:
        """Airbyte's way to say whose something is: (sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A1)."""
        spelled = restli.parse(text) if text.startswith(f"({self.kind}:") else {}
        return str(spelled[self.kind]) if len(spelled) == 1 else text

    def _one(self, value: Any) -> str:
        given = restli.decode(self._named(str(value).strip()))
        found = given.removeprefix(self.prefix)
        if not (_REF if self.digits else _NAME).fullmatch(found):
            raise ValueError(f"{given[:60]!r} does not fit; write {'digits or ' * self.digits}{self.prefix}…")
        return self.prefix + found if self.whole and not found.startswith("@") else found


@dataclass(frozen=True)
class KeyPart(Urn):
    """One of the ids that the key of an association is made of, there called `name`.

    The whole key is understood for it too: "(account:urn:li:sponsoredAccount:5,user:urn:li:person:a_B)".
    """

    name: str = ""

    def _one(self, value: Any) -> str:
        text = restli.decode(str(value).strip())
        parts = text[1:-1].split(",") if text.startswith("(") and text.endswith(")") else ()
        return super()._one(dict(part.partition(":")[::2] for part in parts).get(self.name, value))

    def is_same(self, one: Any, other: Any) -> bool:
        """Whether two spellings are of one id; nothing that is none is the same as anything."""
        try:
            return self.read(one) == self.read(other)
        except ValueError:
            return False


def key_of(value: Any, marks: Mapping[str, KeyPart]) -> dict[str, str]:
    """The ids of a whole key, by the parameters they are for; empty for a plain id. Raises ValueError for a
    key of other parts.
    """
    text = restli.decode(str(value).strip())
    if not (text.startswith("(") and text.endswith(")")):
        return {}
    parts = [part.partition(":")[::2] for part in text[1:-1].split(",")]
    params = {mark.name: name for name, mark in marks.items()}
    if sorted(name for name, _ in parts) != sorted(params):
        spelled = ",".join(f"{mark.name}:{mark.prefix}…" for mark in marks.values())
        raise ValueError(f"{next(iter(marks))}: a whole key is ({spelled})")
    return {params[name]: id_ for name, id_ in parts}


def items(value: Any) -> list[str]:
    """What a list has, which may be text with commas."""
    parts = value if isinstance(value, list) else str(value).split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def urn(kind: str, id: str) -> str:
    return f"urn:li:{kind}:{id}"


def tail(value: Any) -> str:
    """The id at the end of a URN."""
    return str(value).rpartition(":")[2]
