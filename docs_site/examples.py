"""The example of every action, run in the sandbox: its parameters, and the requests that it makes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic.alias_generators import to_camel

from docs_site.given import GIVEN
from docs_site.recorded import Sent
from docs_site.world import World, copied, world
from mcp_ads.across import offer
from mcp_ads.connectors import NAMES
from mcp_ads.core import Action, Offer, Result, Write, describe
from mcp_ads.core.connector import Connector
from mcp_ads.errors import AdsError

ID = "_id"
ORDER = {"list": 0, "create": 1}
"""Which actions come first: lists find what the others are about, and what none has is made."""
OPPOSITES = {"activate": "pause", "pause": "activate", "restore": "archive"}
"""What is done before, where there is nothing to do."""


@dataclass(frozen=True)
class Example:
    """A call, and what it sent; `why` says why it could not be run, where it sent nothing that counts."""

    params: dict[str, Any]
    sent: tuple[Sent, ...] = ()
    why: str = ""


Key = tuple[str, str]
"""Entity and action."""


class Runner:
    """Runs the examples of one connector: reads in one sandbox, each write in a copy of it."""

    def __init__(self, found: Offer, here: World, room: Path) -> None:
        self.found, self.here, self.room = found, here, room
        self.ids: dict[str, dict[str, str]] = {}
        self.done: dict[Key, Example] = {}

    async def examples(self) -> dict[Key, Example]:
        """The example of every action. Lists come first: the others are about what they found."""
        kinds = {(entity, action): kind for entity, action, kind in actions(self.found)}
        for key in sorted(kinds, key=lambda key: ORDER.get(key[1], 2 + issubclass(kinds[key], Write))):
            self.done[key] = await self.example(key, kinds[key])
        return {key: self.done[key] for key in kinds}

    async def example(self, key: Key, kind: type[Action]) -> Example:
        """The example as it is declared, else about objects of this sandbox, else about one that is made for it."""
        declared = json.loads(describe.example(kind))
        ways = [declared, self._here(key, kind, declared)]
        if own := GIVEN.get((self.found.name, *key)):
            ways = [{**ways[1], **own}]
        why = ""
        for params in ways:
            try:
                return Example(_as_shown(kind, params), await self._sent(key, kind, params))
            except AdsError as error:
                why = str(error).partition("\n")[0]
        if params := await self._made_for(key, kind, ways[-1]):
            return params
        return Example(_as_shown(kind, ways[-1]), why=why)

    async def _sent(self, key: Key, kind: type[Action], params: dict[str, Any]) -> tuple[Sent, ...]:
        if issubclass(kind, Write):
            async with self._copy(key) as there:
                return await self._written(there, key, params)
        result = await self.here.execute(self.found.name, *key, params)
        self._learn(key, result)
        return tuple(self.here.sent)

    async def _written(self, there: World, key: Key, params: dict[str, Any]) -> tuple[Sent, ...]:
        """What applying its plan sends, without what is read before and after."""
        made = await there.execute(self.found.name, *key, params)
        if "plan_id" not in made.data and (other := OPPOSITES.get(key[1])):
            await _done(there, self.found.name, (key[0], other), params)
            made = await there.execute(self.found.name, *key, params)
        planned = there.planned(_plan_id(made))
        await there.apply(_plan_id(made))
        changes = [one for one in there.sent if _is_planned(one, planned)]
        return tuple(changes or [one for one in there.sent if one.method != "GET"])

    async def _made_for(self, key: Key, kind: type[Action], params: dict[str, Any]) -> Example | None:
        """The example about an object that the entity's own example makes; None where that does not help."""
        make, about = (key[0], "create"), kind.subject
        if make not in self.done or not self.done[make].sent or not about or key == make:
            return None
        async with self._copy(key) as there:
            try:
                new = await _done(there, self.found.name, make, self.done[make].params)
                given = {**params, about: new}
                if issubclass(kind, Write):
                    return Example(given, await self._written(there, key, given))
                await there.execute(self.found.name, *key, given)
            except AdsError:
                return None
            return Example(given, tuple(there.sent))

    def _copy(self, key: Key) -> AbstractAsyncContextManager[World]:
        return copied(self.here.home, self.room / "-".join(key))

    def _here(self, key: Key, kind: type[Action], params: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with ids that lists of this sandbox have."""
        return {name: self._id(key[0], kind, name) or value for name, value in params.items()}

    def _id(self, entity: str, kind: type[Action], name: str) -> str:
        if isinstance(self.found, Connector) and name == self.found.accounts.param:
            return ""
        if not (name.endswith(ID) or name == kind.subject):
            return ""
        own = self.ids.get(entity, {}).get(name)
        return own or next((ids[name] for ids in self.ids.values() if name in ids), "")

    def _learn(self, key: Key, result: Result) -> None:
        """Keep how the entity's other actions name the first row."""
        row = next(iter(result.data), None) if isinstance(result.data, list) else result.data
        if not isinstance(row, Mapping):
            return
        siblings = self.found.entity(key[0]).actions.values()
        subjects = {other.subject for other in siblings if other.subject}
        for name in subjects | {name for other in siblings for name in other.model_fields}:
            value = row.get(name) or row.get(to_camel(name)) or (name in subjects and row.get("id"))
            if value and (name.endswith(ID) or name in subjects):
                self.ids.setdefault(key[0], {}).setdefault(name, str(value))


def actions(found: Offer) -> Iterator[tuple[str, str, type[Action]]]:
    """Entity, action and class of all that a connector has."""
    for entity in found.names():
        for action, kind in found.entity(entity).actions.items():
            yield entity, action, kind


async def run(name: str) -> dict[Key, Example]:
    """The examples of a connector, each run in a sandbox that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        async with world(room / "home") as here:
            for each in NAMES:  # what every call would read first is read once
                await here.desk.sessions(each)[0].accounts.all()
            return await Runner(offer(name), here, room).examples()


async def _done(there: World, connector: str, key: Key, params: dict[str, Any]) -> str:
    """Carry out a write; the id of what it made or changed. Raises AdsError."""
    plan = await there.execute(connector, *key, params)
    return str((await there.apply(_plan_id(plan))).data["steps"][0].get("id", ""))


def _plan_id(result: Result) -> str:
    """The id of the plan in an answer. Raises AdsError where there is nothing to do."""
    if "plan_id" not in result.data:
        raise AdsError(
            next((f"it is {one['why']}" for one in result.data.get("excluded", ())), "nothing to do")
        )
    return str(result.data["plan_id"])


def _is_planned(one: Sent, planned: list[tuple[str, str]]) -> bool:
    return any(one.method == method and url.endswith(one.path) for method, url in planned)


def _as_shown(kind: type[Action], params: dict[str, Any]) -> dict[str, Any]:
    """Parameters with files by their names, as they would be inside MCP_ADS_FILES."""
    shown = json.loads(describe.example_text(kind))
    declared = json.loads(describe.example(kind))
    return {name: shown[name] if value == declared.get(name) else value for name, value in params.items()}
