"""A write: a call that changes an object or makes one, and what a plan has to know of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic.alias_generators import to_camel

from .action import Action
from .beside import Beside
from .bidding import Bidding
from .evidence import Evidence
from .lifted import Lifted
from .money import Spend
from .outline import Part
from .paginators import dig
from .request import Request, Risk
from .states import States

Does = Literal["makes", "changes", "acts"]
REMOVALS = ("delete", "archive")
NONE = "none"
"""What takes a value away, in parameters where that is possible."""


@dataclass(frozen=True)
class Brought:
    """Objects of an entity, as records that are all switched on: what they can spend `before` and `after`.

    `live` says that the amounts after are spent at once, `of` whose they are where they are not its own,
    `owner` is the id of the one object whose daily budget is raised or not.
    """

    entity: str
    before: Sequence[Mapping[str, Any]] = ()
    after: Sequence[Mapping[str, Any]] = ()
    live: bool = False
    of: str = ""
    owner: str = ""


class Write(Beside, Bidding, Lifted, Evidence, Action):
    """Changes an object, makes one, or acts.

    `does` says which: one that makes answers with a new id, one that changes sets fields that can be read
    again, and one that acts does what no reading shows. `undone_by` is the entity's action that takes back
    what a call did beside setting fields, with the same parameters but those of `once`: values that no other
    call may have.

    `states` are the platform's words for being on or off, `raw` says that the caller wrote the request. A
    plan reads the fields `watch` and compares them when it is applied. `new_id_at` is where the answer to a
    create has the new id, `made_at` where the record may say when that was, `told_later` what shows it after
    a while, with the new {id}, `irreversible` why there is no undo, `final` that of states: state -> why.

    What delivery costs is read from the object's own budgets, which are those its `update` can set; where
    it has none, from `children` (an entity, and the parameter of its list for the object), `budgets` (paths
    through the record to its parents' amounts) or `paid_by` (path of a parent's id -> the parent's entity).
    `parents` are parameters that name what `problems` has to know -> its entity, read with `parent_fields`.

    `begins` and `ends` are where the object's record says from when until when it runs, `ended_by` where it
    says that of its parents. `rushed` is a field of the record, and the word in it by which an amount for a
    whole run is not spread over its days. `moving` are fields that change by themselves, so that nothing is
    concluded from a difference. `merges` are wire names whose objects the platform merges with what is there
    (a part is removed by the word "none"), `cleared` those in which "none" takes the value away, `cleared_by`
    those that a parameter takes away which lists them: wire name -> that parameter. `inherits` says of an
    amount that is not set whose counts instead: path of that object's id, its entity, path of the amount.
    Where the platform takes no two objects with the same value in one batch, `apart` is that field. `shares`
    says that a create is answered with what is there already when it is the same; elsewhere an id that
    another step has is no new one.

    `prominent` are names, at any depth of the parameters, whose values a plan shows whole, on lines of their
    own: what people see of it, who says it, where a click leads. Addresses are shown so in any case.
    `put_away` are parameters, beside its id, of the action that takes back what was made.
    """

    risk: ClassVar[Risk] = "write"
    does: ClassVar[Does] = "changes"
    undone_by: ClassVar[str] = ""
    once: ClassVar[tuple[str, ...]] = ()
    states: ClassVar[States] = States()
    raw: ClassVar[bool] = False
    watch: ClassVar[tuple[str, ...]] = ()
    new_id_at: ClassVar[str] = "id"
    made_at: ClassVar[tuple[str, ...]] = ()
    irreversible: ClassVar[str] = ""
    told_later: ClassVar[str] = ""
    final: ClassVar[Mapping[str, str]] = {}
    budgets: ClassVar[Mapping[str, Spend]] = {}
    children: ClassVar[tuple[str, str] | tuple[()]] = ()
    paid_by: ClassVar[Mapping[str, str]] = {}
    parents: ClassVar[Mapping[str, str]] = {}
    parent_fields: ClassVar[tuple[str, ...]] = ()
    begins: ClassVar[str] = ""
    ends: ClassVar[str] = ""
    ended_by: ClassVar[tuple[str, ...]] = ()
    rushed: ClassVar[tuple[str, str]] = ("", "")
    moving: ClassVar[tuple[str, ...]] = ()
    merges: ClassVar[tuple[str, ...]] = ()
    cleared: ClassVar[tuple[str, ...]] = ()
    cleared_by: ClassVar[Mapping[str, str]] = {}
    inherits: ClassVar[Mapping[str, tuple[str, str, str]]] = {}
    apart: ClassVar[str] = ""
    shares: ClassVar[bool] = False
    prominent: ClassVar[tuple[str, ...]] = ()
    put_away: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def id_in(cls, record: Mapping[str, Any]) -> str:
        """The id of an object, as its record has it; empty where it has none."""
        names = (cls.new_id_at, to_camel(cls.subject), "id")
        return next((str(value) for name in names if name and (value := dig(record, name))), "")

    @classmethod
    def put_back(cls, name: str, before: Any, currency: str) -> Any:  # noqa: ARG003
        """What a parameter takes to set a value back that the record had `before`."""
        return before

    @classmethod
    def set_back(cls, wire: str, before: Any, params: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG003
        """What makes a field what it was `before`, where no one parameter does; `params` are the change's."""
        return {}

    @classmethod
    def removed_by(cls, made: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG003
        """The actions of which the first that there is takes back what was made, as it stands by now."""
        return REMOVALS

    def sets(self) -> dict[str, Any]:
        """What the call sets, by the names the object's record has."""
        return self.sent()

    def effect(self) -> str:
        """What the call does beside setting fields, as a sentence without its subject: "adds 1,204 people".

        No reading of the object shows it, and it is never taken for nothing to do.
        """
        return ""

    def outline(self) -> tuple[Part, ...]:
        """The requests of this call, in the order in which its `flow` yields them; a read is none of them.

        A write of several requests overrides both. Where an answer fills in, `made_by` stands in the plan.
        """
        return (Part(self.to_request()),)

    def part_done(self, requests: int) -> Mapping[str, Any]:  # noqa: ARG002
        """The parameters of the part of the call that its first requests are, if an undo takes that back."""
        return {}

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        """The entity and the id of another object that planning reads before it settles the call, with which
        fields: what a copy is made of, what a new thing is added to. `settled` gets these beside its own.
        """
        return None

    def brings(self) -> Iterable[Brought]:
        """Budgets that change with the call although no parameter of its sets them."""
        return ()

    def only_limits(self, live: Mapping[str, Any]) -> Collection[str]:  # noqa: ARG002
        """Parameters whose amount only limits what others spend: to take one away saves nothing."""
        return ()

    def merged(self, live: Mapping[str, Any]) -> dict[str, Any]:
        """What the call sets as it will stand in the record, given the object as it is now."""
        return {
            name: _merged(live.get(name), value) if name in self.merges else value
            for name, value in self.sets().items()
        }

    def takes_along(self) -> bool:
        """Whether what is below the object that `consults` names counts too, as it will be then."""
        return False

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:  # noqa: ARG002
        """Why the platform would refuse this, given the records of `parents`; asked before sending."""
        return ()

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:  # noqa: ARG002
        """What the records of `parents` make doubtful, for a person to know before agreeing."""
        return ()

    def asides(self, account: str) -> Mapping[str, Action]:  # noqa: ARG002
        """What else a plan reads, given the account's id: reads by the name under which `live` has what they
        found, a list of records or a record. It has None there where that could not be read.
        """
        return {}

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:  # noqa: ARG002
        """The same where it takes the object as it is now to tell what to read."""
        return self.asides(account)

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:  # noqa: ARG002
        """What goes, ends or loses something with the object, a line each: one more of them when it is
        applied is another change than was agreed to. None is not known, and nothing final is planned then.
        """
        return ()

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002
        """Fields that a plan tells in these lines, and not by their values before and after."""
        return {}

    def obstacle(self, live: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Why this object, as it is now, cannot be changed like this; empty when it can."""
        return ""

    def overdue(self, live: Mapping[str, Any], today: date) -> str:  # noqa: ARG002
        """Why this object cannot be changed like this any more, today there; empty when it can."""
        return ""

    def halted(self, live: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Why the object, although it is switched on, delivers nothing now; empty when it may."""
        return ""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:  # noqa: ARG002
        """What a person should know before agreeing."""
        return ()

    def validation(self) -> Request | None:
        """The request that has the platform check this call without doing it, where it can."""
        return None

    @property
    def validates(self) -> bool:
        """Whether the platform can check this call without doing it."""
        return self.validation() is not None

    def lookup(self) -> Mapping[str, Any]:
        """Parameters for the entity's list that find what this call may have created, if there are any."""
        return {}

    def first_called(self) -> str:
        """What a new object is called until a later request of the call gives it its name; else empty."""
        return ""

    def doubt(self, answer: Any) -> str:
        """Why the answer does not show that this was done, as the platform documents its answers; else empty.

        A create has to name what it made.
        """
        makes = self.does == "makes" and self.new_id_at
        return "it names nothing new" if makes and not dig(answer, self.new_id_at) else ""

    def remark(self, answer: Any) -> str:  # noqa: ARG002
        """What the platform says of something that was done, for a person to know; empty for nothing."""
        return ""

    def spend_unknown(self) -> str:
        """Why what this call will spend cannot be read from its parameters; empty when it can.

        For rules that change budgets, copies, raw bodies: with any cap set they are refused.
        """
        return ""

    def unpriced(self, live: Mapping[str, Any]) -> str:  # noqa: ARG002
        """The same where it takes the object as it is now to tell."""
        return self.spend_unknown()

    def moves(self) -> Iterable[str]:
        """What in a request somebody wrote out may begin to deliver or move money, a line for each."""
        return ()

    def lasting(self) -> str:
        """Why nothing takes this call back: what it is, or the state it sets; empty when something does."""
        set_states = (str(self.sets().get(name)).upper() for name in self.states.fields)
        return self.irreversible or next(
            (self.final[state] for state in set_states if state in self.final), ""
        )

    def delivers(self) -> bool:
        """Whether the call itself switches delivery on."""
        return self.states.is_on(self.sets())


class Delete(Write):
    """Removes an object for good."""

    risk: ClassVar[Risk] = "delete"


def _merged(before: Any, given: Any) -> Any:
    if not isinstance(given, Mapping):
        return given
    both = {**(before if isinstance(before, Mapping) else {}), **given}
    return {name: value for name, value in both.items() if value not in (None, NONE)}
