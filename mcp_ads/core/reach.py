"""What a write reaches of that which clients protect: objects of one level, by their names.

Each platform says how its other objects stand to these, and which of them each action changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .action import Action
from .write import Write


@dataclass(frozen=True)
class Level:
    """What the objects of an entity are to those that clients protect.

    `name_at` is where a record has the name by which its object is protected, empty where the objects are
    none that can be; `proof` are fields that only their records have. `above` are where a record says in what
    the object is -> the entity of that; the first that it has counts. `members` is a list in the record of
    the protectable objects that use this one: where it is, where one of its entries has the id ("" for all of
    it), and their entity. `holds` gives, for the ids of the account and the object, the lists of those that
    it governs; `shares` is where a record says that these draw on one budget, which whatever joins them does
    as well.
    """

    name_at: str = ""
    proof: tuple[str, ...] = ()
    above: Mapping[str, str] = field(default_factory=dict)
    members: tuple[str, str, str] | None = None
    holds: Callable[[str, str], Mapping[str, Action]] | None = None
    shares: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that tell it."""
        listed = self.members[:1] if self.members else ()
        return tuple(filter(None, [self.name_at, *self.proof, *self.above, *listed, *self.shares]))


@dataclass(frozen=True)
class Reach:
    """What one action changes of that which clients protect.

    `named` are the parameters that name what it changes, or what it makes something in -> the entities that
    may be, in the order in which they are tried; `beside` are those beside whose object it makes something
    where it names none of these. `why` is why nobody can tell which they are, and `anyones` that they may be
    those of any account. A call that gives none but `harmless` parameters changes nothing. Without any of
    these it never does.
    """

    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    why: str = ""
    anyones: bool = False
    harmless: tuple[str, ...] = ()


NOTHING = Reach()
"""It changes nothing that can be protected, and nothing that is in it."""
Told = Reach | Callable[[Mapping[str, Any]], Reach]
"""What is told of an action, or what tells it by the parameters of a call."""


@dataclass(frozen=True)
class Reaches:
    """How one platform's writes are told to change what clients protect.

    `told` is by entity or by `entity.action`. What is not told there changes the object that it names, or
    what it is made in, where these stand in `levels`; of anything else nothing is known.
    """

    levels: Mapping[str, Level]
    told: Mapping[str, Told]

    def of(self, entity: str, action: str, kind: type[Write], params: Mapping[str, Any]) -> Reach | None:
        """What a call changes; None where nobody has said so."""
        told = self.told.get(f"{entity}.{action}", self.told.get(entity))
        if told is not None:
            return told if isinstance(told, Reach) else told(params)
        named = {kind.subject: (entity,)} if kind.subject and entity in self.levels else {}
        named |= {param: (above,) for param, above in kind.parents.items() if above in self.levels}
        return Reach(named) if named else None
