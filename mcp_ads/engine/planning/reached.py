"""What a step changes of that which clients protect, by its names of now: at planning and at applying."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Write, dig
from mcp_ads.core.marks import is_found
from mcp_ads.core.own_records import id_names
from mcp_ads.core.reach import Reach, Reaches
from mcp_ads.engine.changes.naming import plural
from mcp_ads.engine.changes.references import REF
from mcp_ads.engine.changes.steps import Step, quoted, shown_id
from mcp_ads.engine.session.objects import fetch
from mcp_ads.errors import InvalidParams, Rejected

from .asides import all_of
from .named_like import TOP

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session


class Untold(Exception):
    """What a step changes of that which clients protect cannot be told, and why."""


@dataclass(frozen=True)
class Protectable:
    """An object that a step changes, or in which it does: clients may protect it by the name it has now."""

    noun: str
    id: str
    name: str

    @property
    def target(self) -> str:
        """The object, named so that a person knows it."""
        return f"{self.noun} {quoted(self.name)} ({shown_id(self.id)})"


@dataclass(frozen=True)
class Changed:
    """One step, and those before it in its plan, which its references mean."""

    session: Session
    step: Step
    earlier: Sequence[Step]

    async def objects(self) -> list[Protectable]:
        """All that the step changes and clients may protect. Raises Untold where one is not known, or has no
        name.
        """
        reach = self._reach(self.step)
        if reach is None:
            raise Untold(f"which {plural(TOP, 2)} it changes is not known here")
        if self._is_harmless(reach):
            return []
        if reach.why:
            raise Untold(reach.why)
        found = await self._through(self.step, reach)
        return [*found, *self._renamed({one.id for one in found})]

    def _renamed(self, ids: Collection[str]) -> Iterator[Protectable]:
        """What earlier steps of the plan give other names, by these."""
        connector = self.session.connector
        for step in self.earlier:
            level = self._reaches.levels.get(step.entity) if step.connector == connector.name else None
            name = step.changes.get(level.name_at) if level and level.name_at else None
            if isinstance(name, str) and (object_id := connector.plain_id(step.subject)) in ids:
                yield Protectable(step.noun, object_id, name)

    @property
    def anyones(self) -> bool:
        """Whether it may change what is of any account."""
        reach = self._reach(self.step)
        return reach is not None and reach.anyones

    def _is_harmless(self, reach: Reach) -> bool:
        """Whether the step gives nothing but what changes none of it."""
        kind, account = self._kind(self.step), self.session.accounts.param
        names = self.step.params.keys() - {kind.subject, account}
        given = {name for name in names if not is_found(kind.model_fields[name])}
        return bool(given) and given <= {*reach.harmless}

    @property
    def _reaches(self) -> Reaches:
        return self.session.connector.reaches or Reaches({}, {})

    def _kind(self, step: Step) -> type[Write]:
        kind = self.session.connector.action(step.entity, step.action)
        assert issubclass(kind, Write)
        return kind

    def _reach(self, step: Step) -> Reach | None:
        """What a step is told to change; what somebody wrote out may be anything."""
        if step.raw:
            return Reach(why=f"it is a raw request, which may change any {TOP} of the account")
        return self._reaches.of(step.entity, step.action, self._kind(step), step.params)

    async def _through(self, step: Step, reach: Reach) -> list[Protectable]:
        """What is reached by what a step names."""
        subject = self._kind(step).subject
        looks = [
            self._first(entities, object_id, changes=name == subject, joins=name != subject)
            for name, entities in reach.named.items()
            for object_id in _ids(step.params.get(name))
        ]
        looks = looks or [
            self._first(entities, object_id, counts=False, joins=True)
            for name, entities in reach.beside.items()
            for object_id in _ids(step.params.get(name))
        ]
        if not looks and (reach.named or reach.beside):
            raise Untold(f"it names no {TOP}")
        return [one for found in await asyncio.gather(*looks) for one in found]

    async def _first(
        self,
        entities: Sequence[str],
        object_id: str,
        *,
        changes: bool = False,
        counts: bool = True,
        joins: bool = False,
    ) -> list[Protectable]:
        """What an object is or is in that is of one of these entities. Raises Untold."""
        why = ""
        for entity in entities:
            try:
                return await self._of(entity, object_id, changes=changes, counts=counts, joins=joins)
            except (Rejected, InvalidParams) as error:
                why = error.lines[0]
        raise Untold(f"what {shown_id(object_id)} is in cannot be read ({why})")

    async def _of(
        self, entity: str, object_id: str, *, changes: bool = False, counts: bool = True, joins: bool = False
    ) -> list[Protectable]:
        """What an object is or is in; where it is changed itself, or what it has shares a budget with what
        `joins` them, what it governs.

        Where it does not count itself, only what is above it. Raises Untold or ApiError.
        """
        session, level = self.session, self._reaches.levels[entity]
        object_id, account = session.connector.plain_id(object_id), self.step.owner
        if reference := REF.fullmatch(object_id):
            return await self._made(self.earlier[int(reference[2]) - 1], object_id)
        record = await fetch(session, entity, object_id, account, level.fields, self.step.params)
        found = (
            [self._named(entity, object_id, dig(record, level.name_at))] if level.name_at and counts else []
        )
        above = next(((of, id_) for path, of in level.above.items() if (id_ := dig(record, path))), None)
        if above:
            found += await self._of(above[0], str(above[1]), joins=joins and not counts)
        elif level.above:
            raise Untold(f"what {shown_id(object_id)} is in is not told")
        if level.members:
            found += await self._members(record, *level.members)
        governs = changes or (joins and any(dig(record, path) for path in level.shares))
        if governs and level.holds:
            for of, read in level.holds(account.id if account else "", object_id).items():
                found += await self._held(of, read)
        return found

    async def _made(self, step: Step, reference: str) -> list[Protectable]:
        """What an earlier step makes, or in which it makes something."""
        level, reach = self._reaches.levels.get(step.entity), self._reach(step)
        if level is None or reach is None or reach.why:
            raise Untold(f"what {reference} is in is not known before it is there")
        found = await self._through(step, reach)
        if level.name_at:
            found.append(self._named(step.entity, reference, step.changes.get(level.name_at)))
        return found

    async def _members(self, record: Mapping[str, Any], path: str, key: str, of: str) -> list[Protectable]:
        """What a record lists as that which uses it."""
        listed = dig(record, path)
        if not isinstance(listed, list):
            raise Untold(f"which {plural(TOP, 2)} use it is not told")
        ids = [str(dig(entry, key) if key else entry) for entry in listed]
        looks = (self._of(of, one) for one in ids)
        return [one for found in await asyncio.gather(*looks) for one in found]

    async def _held(self, entity: str, read: Action) -> list[Protectable]:
        """What a list has, all of it."""
        records, whole = await all_of(self.session, read, self.step.owner)
        if not whole:
            raise Untold(f"only the first {len(records):,} of its {plural(TOP, 2)} could be read")
        subject = self.session.connector.action(entity, "get").subject
        name_at = self._reaches.levels[entity].name_at
        return [self._named(entity, _id_in(record, subject), dig(record, name_at)) for record in records]

    def _named(self, entity: str, object_id: str, name: Any) -> Protectable:
        noun = self.session.connector.entity(entity).noun
        if not isinstance(name, str) or not name.strip():
            raise Untold(f"{noun} {shown_id(object_id)}: its name cannot be read")
        return Protectable(noun, object_id, name)


def _ids(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]


def _id_in(record: Mapping[str, Any], subject: str) -> str:
    return next((str(record[name]) for name in id_names(subject) if record.get(name)), "")
