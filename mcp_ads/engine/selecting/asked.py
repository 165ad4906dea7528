"""What a write says in place of ids: the condition its objects are found by, and of which days."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Span, Write, describe, validate
from mcp_ads.core.column_names import Names
from mcp_ads.core.dates import parse as parse_days
from mcp_ads.core.where import parse
from mcp_ads.engine.session.instead import BID_TO, found_by
from mcp_ads.engine.session.params import account_left_out, checked, names_of, signature
from mcp_ads.errors import InvalidParams

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

WHERE, OVER = ("where", "filter"), "over"
EXAMPLE = "name ~ 'sale'"


@dataclass(frozen=True)
class Wanted:
    """A write whose objects a condition finds.

    `lists` is the entity's list, `narrowed` its parameters; `subject` is the parameter of the write that
    takes an object's id, and `rest` are its others. `over` are the days of the figures, not settled yet.
    """

    entity: str
    action: str
    kind: type[Write]
    lists: type[Action]
    subject: str
    where: str
    over: Span | None
    narrowed: Mapping[str, Any]
    rest: Mapping[str, Any]

    def account(self, param: str) -> dict[str, Any]:
        """The account as it is named, under the name `param`; nothing where none is."""
        said = [name for name in self.narrowed if validate.our_name(self.lists, name) == param]
        return {param: self.narrowed[said[0]]} if said else {}

    def among(self, param: str) -> dict[str, Any]:
        """By what the list is narrowed beside the account."""
        names = {name: validate.our_name(self.lists, name) for name in self.narrowed}
        return {name: self.narrowed[given] for given, name in names.items() if name != param}


def without_nulls(params: Mapping[str, Any]) -> dict[str, Any]:
    """A call without parameters of no value that are of no action: null is none of these."""
    ours = (*WHERE, OVER, BID_TO)
    return {
        name: given for name, given in params.items() if given is not None or validate.snake(name) not in ours
    }


def selects(kind: type[Action], params: Mapping[str, Any]) -> bool:
    """Whether a write names its objects by a condition."""
    return issubclass(kind, Write) and bool(_given(kind, params, *WHERE))


def wanted_of(session: Session, entity: str, action: str, params: Mapping[str, Any]) -> Wanted | None:
    """What a write asks for in place of ids; None where it has ids. Raises InvalidParams, all mistakes."""
    kind = session.connector.action(entity, action)
    assert issubclass(kind, Write)
    given, over = _given(kind, params, *WHERE), _given(kind, params, OVER)
    if not given and not over:
        return None
    mistakes = [] if given else [f"{OVER}: the days of the figures that where names; where is not given"]
    lists = session.connector.entity(entity).actions.get("list")
    subject = found_by(session.connector, entity, action, kind)
    if lists is None or not subject:
        raise InvalidParams(
            f"{WHERE[0]}: {entity}.{action} takes no condition", signature=signature(session, kind)
        )
    narrowed, rest = _shared(session, kind, lists, {n: params[n] for n in params if n not in {*given, *over}})
    for name in [
        name for name in rest if name not in narrowed and _only_names(kind, lists, subject, rest, name)
    ]:
        narrowed[name] = rest.pop(name)
    mistakes += _beside(kind, subject, rest)
    where, wrong = _condition(given)
    span, no_span = days_of(over)
    mistakes += [*wrong, *no_span]
    try:
        checked(session, lists, narrowed | account_left_out(session, lists, narrowed))
    except InvalidParams as error:
        mistakes += error.lines
    if not mistakes or subject not in {validate.our_name(kind, name) for name in rest}:
        mistakes += _of_the_write(session, kind, subject, rest)
    if mistakes:
        raise InvalidParams("\n".join(dict.fromkeys(mistakes)), signature=signature(session, kind))
    return Wanted(entity, action, kind, lists, subject, where, span, narrowed, rest)


def told_by(session: Session, kind: type[Write], params: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The account in which a selection looks, and the objects that tell it; either may be empty."""
    wanted = wanted_of(session, *names_of(session, kind), params)
    if wanted is None:
        return "", []
    example = account_left_out(session, wanted.lists, dict(wanted.narrowed))
    account, ids = checked(session, wanted.lists, {**wanted.narrowed, **example}).about(
        session.accounts.param
    )
    return "" if example else account, ids


def _given(kind: type[Action], params: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The parameters of these names that a call has, unless they are the action's own."""
    own = kind.model_fields
    return {
        given: value
        for given, value in params.items()
        if value is not None and given.lower() in names and given not in own
    }


def _shared(
    session: Session, kind: type[Write], lists: type[Action], params: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The list's parameters, and the write's: what both have is the write's, and the list's if needed."""
    narrowed, rest = dict[str, Any](), dict[str, Any]()
    for given, value in params.items():
        of_list = validate.our_name(lists, given)
        field = lists.model_fields.get(of_list)
        mine = validate.our_name(kind, given) in kind.model_fields
        needed = of_list == session.accounts.param or (field is not None and field.is_required())
        if field is not None and of_list != "fields" and (needed or not mine):
            narrowed[given] = value
        if mine or given not in narrowed:
            rest[given] = value
    return narrowed, rest


def _only_names(
    kind: type[Write], lists: type[Action], subject: str, rest: Mapping[str, Any], name: str
) -> bool:
    """Whether a parameter of both says in what objects are, and is nothing that the write sets in them."""
    mine = validate.our_name(kind, name)
    if mine not in kind.model_fields or validate.our_name(lists, name) not in lists.model_fields:
        return False
    example = {subject: json.loads(describe.example(kind)).get(subject, "1234567890")}
    others = {other: value for other, value in rest.items() if other != name}
    try:
        ways = [validate.build(kind, {**given, **example}) for given in (others, {**others, mine: "1"})]
    except InvalidParams:
        return False
    return mine.endswith("_id") and ways[0].sets() == ways[1].sets()


def _beside(kind: type[Write], subject: str, rest: Mapping[str, Any]) -> list[str]:
    """Why a condition cannot stand beside ids."""
    named = [name for name in rest if validate.our_name(kind, name) == subject or name == "items"]
    return [f"{WHERE[0]}: beside {name}, which names the objects: give one of them" for name in named]


def _condition(given: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The condition, and what is wrong with it."""
    if not given:
        return "", []
    if len({str(value) for value in given.values()}) > 1:
        return "", [f"{WHERE[1]}: the same as {WHERE[0]}, which is given too with another condition"]
    name, value = next(iter(given.items()))
    if not isinstance(value, str) or not value.strip():
        return "", [f"{name}: a condition as text, such as {EXAMPLE}"]
    try:
        parse(value, Names({}, known=False))
    except InvalidParams as wrong:
        return "", [*wrong.lines]
    return value.strip(), []


def days_of(given: Mapping[str, Any]) -> tuple[Span | None, list[str]]:
    """The days of the figures, and what is wrong with them."""
    for name, value in given.items():
        try:
            return parse_days(_read(value)), []
        except ValueError as wrong:
            return None, [f"{name}: {wrong}"]
    return None, []


def _read(value: Any) -> Any:
    """An object or a list also as JSON text."""
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _of_the_write(session: Session, kind: type[Write], subject: str, rest: Mapping[str, Any]) -> list[str]:
    """What is wrong with the write's own parameters, whichever object it is for."""
    example = json.loads(describe.example(kind)).get(subject, "1234567890")
    given = {name: value for name, value in rest.items() if name != "items"}
    try:
        checked(session, kind, {**given, subject: example} | account_left_out(session, kind, given))
    except InvalidParams as error:
        return [*error.lines]
    return []
