"""A connector: one ad platform as a value; its entities load when they are first used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from mcp_ads.errors import UnknownAction

from .action import Action
from .bundles import Bundle, lone
from .context import Account
from .owner import Ownership
from .pauses import Throttle
from .request import Reply, Request, Wire, to_address
from .signature import Signature
from .synonyms import bare, closest, cut

if TYPE_CHECKING:
    from .facts import Facts  # loaded with the first question over all platforms

LISTED = 12


class Dialect(Protocol):
    """How one platform spells requests, answers and rate limits."""

    def encode(self, request: Request) -> Wire:
        """The request as it goes over the wire, without credentials; one with parts as its bundle."""

    def decode(self, reply: Reply) -> Any:
        """The answer in plain values; raises ApiError.

        To a request with parts, a list as long as these: what each alone would be answered, or its ApiError.
        """

    def wait(self, reply: Reply) -> float:
        """Seconds the platform asks us to pause; 0 when it does not."""

    def used(self, reply: Reply) -> float:
        """Percent of the platform's tightest limit that is used; 0 where it does not say."""

    def warnings(self, reply: Reply) -> list[str]:
        """What the answer's headers say beside the answer."""


def spelt(dialect: Dialect, request: Request) -> Wire:
    """The request as it goes over the wire; to an address from an answer, without the platform's spelling."""
    return to_address(request) if request.absolute else dialect.encode(request)


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
        noun = self.noun or name.removesuffix("s").replace("_", "-")
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


@dataclass(frozen=True)
class AccountSource:
    """How a connector finds its accounts: the entity they are, and one of its records as an Account.

    `param` names an account in calls; `fields` are asked for where the lean columns are not enough. `ids` are
    where a row may have its id, the likeliest first.
    """

    entity: str
    read: Callable[[dict[str, Any]], Account]
    param: str = "account_id"
    fields: tuple[str, ...] = ()
    ids: tuple[str, ...] = ("id",)


@dataclass(frozen=True)
class UnderWay:
    """What runs on an account and is spoilt by changes, such as tests: how it is found, and what to say.

    `read` is the list of it for an account's id, asked for when objects of `spoilt` entities are changed.
    `says` gives for each object in one of its records the line a plan has, given the time; `above` are where
    a record of what is changed names the objects above it.
    """

    what: str
    read: Callable[[str], Action]
    spoilt: tuple[str, ...]
    says: Callable[[Mapping[str, Any], datetime], Mapping[str, str]]
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class Connector:
    """One platform: hosts by region, spelling, and a literal table of entities (name, one line, module)."""

    name: str
    title: str
    package: str
    hosts: Mapping[str, str]
    dialect: Dialect
    accounts: AccountSource
    entities: tuple[tuple[str, str, str], ...]
    unlisted: frozenset[str] = frozenset()
    """Entities that are understood and described, and not named in the tool's schema."""
    owner: Ownership | None = None
    """How to read which account owns an object, where the platform does not answer within an account."""
    signature: Signature | None = None
    """How requests are signed as something the user acts for, where some have to be."""
    place: str = "account"
    """What a plan's id calls an account."""
    plain_id: Callable[[str], str] = str
    """An id without what stands before it in some of the platform's spellings."""
    bundle: Callable[[Request], Bundle | None] = lone
    """Which others a request may travel with; the dialect spells them as one, and reads their answers."""
    throttle: Throttle = field(default_factory=Throttle)
    """How long it is left alone where it throttles without a time."""
    files: tuple[str, ...] = ()
    """Patterns of the whole host names from which its files are fetched."""
    uploads: tuple[str, ...] = ()
    """Patterns of the whole host names, beside its own, to which a user's files may be written."""
    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields that may be expanded although only some accounts are allowed, and what in them (none: any)."""
    under_way: UnderWay | None = None
    """What a plan is to say of what runs where it changes something."""
    repeats: Mapping[str, str] = field(default_factory=dict)
    """Parameters, in lower case, in which some clients repeat a credential -> the credential's name."""
    env: str = ""
    where: str = ""
    about: str = ""
    words: tuple[tuple[str, str], ...] = ()
    """(entity, what people call what it is for): clients that defer tools find them by words."""
    called: Mapping[str, str] = field(default_factory=dict)
    """What the platform's own pages call an entity, where its API has another name -> that name."""
    gone: Mapping[str, str] = field(default_factory=dict)
    """What the platform once had, as an entity -> a sentence that says what there is instead."""
    also: Mapping[str, str] = field(default_factory=dict)
    """Names by which an action is understood where an entity has none of that name -> the action's."""
    facts_at: str = ""
    """The module of its package that has what it tells where all platforms are asked; empty for none."""
    loaded: dict[str, Entity] = field(default_factory=dict, compare=False, repr=False)

    @property
    def facts(self) -> Facts | None:
        """What it tells where all platforms are asked, loaded when it is first used."""
        if not self.facts_at:
            return None
        found: Facts = importlib.import_module(f"{self.package}.{self.facts_at}").facts
        return found

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    def together(self, request: Request) -> Bundle | None:
        """Which others a request may travel with; None for one with a file, people or another address."""
        own = request.private or request.shown or request.host or request.signed or request.absolute
        own = own or request.signed_as or request.secret
        return None if own or request.into_file or request.parts else self.bundle(request)

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
