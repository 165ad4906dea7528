"""One write as asked for, and the earlier steps its references mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Write
from mcp_ads.core.validate import snake
from mcp_ads.engine.changes.naming import with_article
from mcp_ads.engine.changes.references import REF, halves, places
from mcp_ads.engine.changes.steps import Step
from mcp_ads.errors import InvalidParams

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session


@dataclass(frozen=True)
class Asked:
    """One write as asked for; `earlier` are the steps a reference may mean, `item` its index in the call,
    `label` what its errors call it.

    `notes` are what pricing it has to say to the person who approves.
    """

    session: Session
    entity: str
    action: str
    kind: type[Write]
    params: dict[str, Any]
    earlier: list[Step]
    item: int = 0
    label: str = ""
    notes: list[str] = field(default_factory=list)

    def maker(self, call: Write) -> Step | None:
        """The earlier step that makes the object this call changes."""
        return self.step_named(getattr(call, call.subject)) if call.subject else None

    def step_named(self, value: Any) -> Step | None:
        """The step whose id a value stands for. Raises InvalidParams for one that is not there."""
        if not (reference := REF.fullmatch(str(value))):
            return None
        if not 1 <= int(reference[2]) <= len(self.earlier):
            raise InvalidParams(f"{reference[0]}: there is no step {reference[2]} before this one")
        return self.earlier[int(reference[2]) - 1]

    def added(self, ids: set[str], per: str) -> Decimal:
        """By how much earlier steps of the plan raise budgets of these objects."""
        connector = self.session.connector.name
        ours = (step for step in self.earlier if step.connector == connector and step.subject in ids)
        budgets = (budget for step in ours if not step.lowers for budget in step.budgets)
        return sum(
            (budget.rise for budget in budgets if budget.given and budget.pays and budget.per == per),
            Decimal(0),
        )

    def standing(self, record: Mapping[str, Any], object_id: str) -> Mapping[str, Any]:
        """A record with the amounts and times that earlier steps of the plan give it.

        What they lower stays: money is moved by lowering first, whatever the order was.
        """
        connector = self.session.connector.name
        ours = [step for step in self.earlier if (step.connector, step.subject) == (connector, object_id)]
        set_before = [step for step in ours if object_id and not step.lowers]
        news = {
            name: value
            for step in set_before
            for name, value in step.changes.items()
            if name not in step.switches
        }
        return {**record, **news} if news else record

    def switched(self, object_id: str) -> Mapping[str, Any]:
        """The state in which earlier steps of the plan put an object."""
        connector = self.session.connector.name
        ours = (step for step in self.earlier if (step.connector, step.subject) == (connector, object_id))
        return {name: value for step in ours for name, value in step.changes.items() if name in step.switches}


def addressed(
    session: Session,
    entity: str,
    action: str,
    params: dict[str, Any],
    earlier: list[Step],
    item: int,
    label: str,
) -> Asked:
    """One write as asked for, or as the entity wants it that it is meant for."""
    kind, notes = session.connector.action(entity, action), list[str]()
    if issubclass(kind, Write) and (onward := kind.passed_on(params)):
        entity, params, notes = onward.entity, onward.params, [onward.why]
        kind = session.connector.action(entity, action)
    assert issubclass(kind, Write)
    return Asked(session, entity, action, kind, params, earlier, item, label, notes)


def check_refs(
    session: Session, params: Mapping[str, Any], earlier: Sequence[Step], subjects: Sequence[str]
) -> None:
    """Raise InvalidParams unless every reference means an earlier step that makes what is wanted there.

    `subjects` are, for each earlier step, the parameter that names what it makes.
    """
    mistakes = [
        f"{key}: {text!r} is no reference; write @1.id or @1.hash" for key, text in halves("", params)
    ]
    for key, number, word in places("", params):
        text = f"{key}: @{number}.{word}"
        if not 1 <= number <= len(earlier):
            has = f": the plan has {len(earlier)}" if earlier else "; use append_to with its plan_id"
            mistakes.append(f"{text}: there is no step {number} before this one{has}")
        elif why := _unfit(session, snake(key), word, earlier[number - 1], subjects[number - 1]):
            mistakes.append(f"{text}: {why}")
    if mistakes:
        raise InvalidParams("\n".join(mistakes))


def _unfit(session: Session, key: str, word: str, made_by: Step, subject: str) -> str:
    if made_by.connector != session.connector.name:
        return f"that step is one on {made_by.connector}"
    if made_by.connection_name != session.platform.connection:
        return f"that step is one of another connection, {made_by.connection_name or session.base_label}"
    if not made_by.makes:
        return f"that step makes nothing new{f'; write {made_by.subject}' if made_by.subject else ''}"
    kind = session.connector.action(made_by.entity, made_by.action)
    known = "hash" if issubclass(kind, Write) and kind.new_id_at == "hash" else "id"
    if (word, "hash" if key.endswith(("hash", "hashes")) else "id") != (known, known):
        where = "into a hash" if known == "hash" else "where an id goes"
        return (
            f"that step makes {with_article(made_by.noun)}, which is written with .{known} and goes {where}"
        )
    if key.endswith("_id") and subject and not key.endswith(subject):
        return f"that step makes {with_article(made_by.noun)}, which goes into {subject}"
    return ""
