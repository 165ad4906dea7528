"""What can be asked of a connector: entities with their actions, each loaded when it is first used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.errors import UnknownAction

from .action import Action
from .synonyms import bare, closest, cut

LISTED = 12
Meant = Callable[[str, Mapping[str, Any]], str]


def as_named(action: str, params: Mapping[str, Any]) -> str:  # noqa: ARG001
    """The action that a call names."""
    return action


class Entity:
    """The actions of one kind of thing on the platform; its name and line are in the connector's table.

    `noun` names one of them in plans and sentences, `lacks` says of actions that people look for why the
    platform has none, `meant` is the action that a call is for, where its parameters tell of another than it
    names.
    """

    def __init__(
        self,
        *,
        noun: str = "",
        lacks: Mapping[str, str] | None = None,
        meant: Meant = as_named,
        **actions: type[Action],
    ) -> None:
        self.noun, self.lacks, self.meant, self.actions = noun, lacks or {}, meant, actions
        self.name = self.doc = ""

    def named(self, name: str, doc: str) -> Entity:
        """The same actions under the name and with the line that the table has for them."""
        noun = self.noun or name.removesuffix("s").replace("_", " ")
        entity = Entity(noun=noun, lacks=self.lacks, meant=self.meant, **self.actions)
        entity.name, entity.doc = name, doc
        return entity

    def action(self, name: str, connector: str) -> type[Action]:
        """The action of that name; raises UnknownAction with the closest ones."""
        if name not in self.actions:
            if why := next((self.lacks[near] for near in closest(str(name), [*self.lacks])), ""):
                raise UnknownAction(f"{connector} {self.name} has no action {cut(name)!r}: {why}")
            raise UnknownAction(_unknown("action", f"{connector} {self.name}", name, list(self.actions)))
        return self.actions[name]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A literal table of entities (name, one line, module in `package`), and people's words for them."""

    name: str
    title: str
    package: str
    entities: tuple[tuple[str, str, str], ...]
    unlisted: Mapping[str, str] = field(default_factory=dict)
    """Entities that are understood and described, and not named in the tool's schema -> the call of one that
    is, which answers the same.
    """
    about: str = ""
    words: tuple[tuple[str, str], ...] = ()
    """(entity, what people call what it is for): clients that defer tools find them by words."""
    called: Mapping[str, str] = field(default_factory=dict)
    """What the platform's own pages call an entity, where its API has another name -> that name."""
    gone: Mapping[str, str] = field(default_factory=dict)
    """What the platform once had, as an entity -> a sentence that says what there is instead."""
    also: Mapping[str, str] = field(default_factory=dict)
    """Names by which an action is understood where an entity has none of that name -> the action's."""
    loaded: dict[str, Entity] = field(default_factory=dict, compare=False, repr=False)

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    def names(self) -> list[str]:
        return [name for name, _, _ in self.entities]

    def listed(self) -> list[str]:
        """The entities that the tool's schema names."""
        return [name for name in self.names() if name not in self.unlisted]

    def spoken(self) -> str:
        """What people say for what this connector has; for an entity that is not there, nothing."""
        known = self.names()
        return ", ".join(word for entity, word in self.words if entity in known)

    def entity(self, name: str) -> Entity:
        """The entity of that name; raises UnknownAction with the closest ones."""
        if name not in self.loaded:
            lines = {entity: (doc, module) for entity, doc, module in self.entities}
            if name not in lines:
                other = f"; its API calls {name} {meant}" if (meant := self.called.get(name)) else ""
                gone = next((says for old, says in self.gone.items() if bare(old) == bare(str(name))), "")
                other = f": {gone}" if gone else other
                unknown = _unknown("entity", self.name, name, self.names())
                raise UnknownAction(f"{self.name} has no entity {cut(name)!r}{other}" if other else unknown)
            doc, path = lines[name]
            module = importlib.import_module(f"{self.package}.{path}")
            self.loaded[name] = getattr(module, name).named(name, doc)
        return self.loaded[name]

    def action(self, entity: str, action: str) -> type[Action]:
        return self.entity(entity).action(action, self.name)

    def meant(self, entity: str, action: str, params: Mapping[str, Any]) -> str:
        """The action that a call is for; one nobody knows stays. Raises UnknownAction for the entity."""
        known = self.entity(entity)
        other = self.also.get(action, "") if isinstance(action, str) else ""
        return known.meant(
            other if other in known.actions and action not in known.actions else action, params
        )


def _unknown(what: str, owner: str, name: str, known: list[str]) -> str:
    hint = closest(str(name), known)
    meant = f"; did you mean {' or '.join(hint)}?" if hint else "."
    rest = f" It has: {', '.join(known)}" if not hint or len(known) <= LISTED else ""
    return f"{owner} has no {what} {cut(name)!r}{meant}{rest}"
