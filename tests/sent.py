"""What the platforms sent, object by object, and calls of every read that answers with records."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
from pydantic.alias_generators import to_camel

from mcp_ads.across.desk import Desk
from mcp_ads.core import Action


def canonical(value: Any) -> str:
    """A value as text that is the same for the same value, told apart by type."""
    return json.dumps(value, sort_keys=True)


class Heard(httpx.AsyncBaseTransport):
    """The sandbox, with every object of what it answers written down."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner, self.objects = inner, set[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        content = await response.aread()
        packed = content[:2] == b"\x1f\x8b"
        for line in (gzip.decompress(content) if packed else content).splitlines() or [b""]:
            self._note(line)
        self._note(gzip.decompress(content) if packed else content)
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def _note(self, text: bytes | str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return
        self.objects |= {canonical(found) for found in _objects(answer)}

    def sent(self, record: Any) -> bool:
        """Whether the platform sent this very record."""
        return canonical(record) in self.objects


def hearing(desk: Desk) -> Heard:
    """What a desk in the sandbox hears from now on."""
    heard = Heard(desk._sandbox_transport)
    desk.__dict__["_sandbox_transport"] = heard
    return heard


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def params_of(kind: type[Action], given: Mapping[str, str], rows: Sequence[Any]) -> dict[str, Any]:
    """A call of a read: what is given, ids as rows of the entity's list have them, examples for the rest."""
    params: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        wire = to_camel(name)
        there = [row[key] for row in rows for key in (wire, name, "id") if key in row]
        if name in given and (name != kind.subject or field.is_required()):
            params[name] = given[name]
        elif field.is_required() and there:
            params[name] = str(there[0])
        elif field.is_required() and field.examples:
            params[name] = field.examples[0]
    return params if params.keys() & kind.sample.keys() else {**params, **kind.sample}
