"""One write or many in a call: `items` with defaults beside them, or a list as the id; mistakes by index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcp_ads.core import Connector, Write, validate
from mcp_ads.core.once import read_once
from mcp_ads.core.private import is_about_people
from mcp_ads.core.unsendable import unsendable
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.steps import Step, quoted, shown_id
from mcp_ads.errors import ApiError, CallError, InvalidParams, PolicyError, Rejected

MOST_ITEMS = 1000
MOST_QUOTED = 200
LEAST_ALIKE, MOST_NAMED = 6, 20
"""Of fewer objects each has its own line; of more so many are named before a mistake that all have."""
_AMOUNT = re.compile(r"(?<![0-9,.])[0-9][0-9,.]*+(?= [A-Z]{3}\b)")


def expand(kind: type[Write], params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One set of parameters per object, under our names. Raises InvalidParams."""
    params = dict(params)
    items = params.pop("items", None)
    if items is None:
        param_sets = _by_id(kind, _named(kind, params))
    else:
        defaults = _named(kind, params)
        param_sets = [{**defaults, **_named(kind, item)} for item in _listed(items)]
    if len(param_sets) > MOST_ITEMS:
        raise InvalidParams(f"items: {len(param_sets)} are too many, at most {MOST_ITEMS} in one call")
    return param_sets


def _named(kind: type[Write], params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters under our names, so that an item's own replaces the default; one given twice stays twice."""
    ours: dict[str, Any] = {}
    said: dict[str, str] = {}
    for given, value in params.items():
        name = validate.our_name(kind, given)
        if name in ours and given == name:
            ours[said[name]] = ours.pop(name)
        ours[given if name in ours else name] = value
        said.setdefault(name, given)
    return ours


def _listed(items: Any) -> list[dict[str, Any]]:
    if isinstance(items, str):
        items = _json(items, "items")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise InvalidParams("items: a list of objects, each with the parameters of one write")
    return items


def _by_id(kind: type[Write], params: dict[str, Any]) -> list[dict[str, Any]]:
    """A list, JSON text of one, or ids between commas, as one write for each."""
    ids = params.get(kind.subject) if kind.subject else None
    if isinstance(ids, str) and ids.strip().startswith("["):
        ids = _json(ids, kind.subject)
    elif isinstance(ids, str):
        ids = validate.ids_between(ids) or ids
    if not isinstance(ids, list):
        return [params]
    if not ids:
        raise InvalidParams(f"{kind.subject}: an empty list")
    if wrong := unsendable(params[kind.subject]):
        raise InvalidParams(f"{kind.subject}: {wrong}")
    return [{**params, kind.subject: id_} for id_ in dict.fromkeys(map(str, ids))]


def _json(text: str, name: str) -> Any:
    try:
        return read_once(text)
    except (ValueError, RecursionError):
        raise InvalidParams(f"{name}: not valid JSON") from None


def labels_of(kind: type[Write], params: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each write is called in errors: its place in the list it came from, of an id with that id."""
    if "items" in params or not kind.subject:
        return [f"items[{at}]" for at in range(len(items))]
    if is_about_people(kind):  # an id may be somebody's address by mistake
        return [f"{kind.subject}[{at}]" for at in range(len(items))]
    return [f"{kind.subject}[{at}] {shown_id(str(item.get(kind.subject)))}" for at, item in enumerate(items)]


def raise_mistakes(found: Sequence[Any], labels: Sequence[str], *, many: bool | None = None) -> None:
    """Raise what went wrong: for one call as it is, for many every mistake of every item with its label.

    `many` says whether there are others than those found, when it is only some of many.
    A platform that fails to answer, or refuses us as a whole, is raised as it is: it says nothing of an item.
    """
    wrong = [
        (label, error) for label, error in zip(labels, found, strict=True) if isinstance(error, BaseException)
    ]
    for _, error in wrong:
        whole = isinstance(error, ApiError) and not isinstance(error, Rejected)
        if (
            not (len(found) > 1 if many is None else many)
            or whole
            or not isinstance(error, CallError | PolicyError | Rejected)
        ):
            raise error
    if wrong:
        raise _together(wrong, len(found))


def _together(wrong: Sequence[tuple[str, Any]], of: int) -> CallError | PolicyError:
    kinds = {type(error) for _, error in wrong}
    alike: dict[str, list[tuple[str, str]]] = {}
    for name, error in wrong:
        for line in _lines(error, apart=len(kinds) > 1):
            alike.setdefault(_AMOUNT.sub("0", line), []).append((name, line))
    lines = [line for mistakes in alike.values() for line in _told(mistakes, of)]
    kind = kinds.pop() if len(kinds) == 1 else InvalidParams
    if issubclass(kind, PolicyError):
        return kind("\n".join(lines), fix=next((error.fix for _, error in wrong if error.fix), ""))
    own = [error for _, error in wrong if not isinstance(error, PolicyError)]
    fix = next((error.fix for error in own if error.fix), "")  # what a policy asks for mends no other mistake
    signature = next((error.signature for error in own if isinstance(error, CallError)), "")
    return InvalidParams("\n".join(lines), fix=fix, signature=signature)


def _told(mistakes: Sequence[tuple[str, str]], of: int) -> Iterator[str]:
    """Mistakes that differ in amounts alone, with whose each is: a line each, or where they are many, the
    first for all.
    """
    if len(mistakes) < LEAST_ALIKE:
        yield from (f"{name}: {line}" for name, line in mistakes)
        return
    names = [*dict.fromkeys(name for name, _ in mistakes)]
    named = names[: 1 if len(names) == of else MOST_NAMED]
    more = f" and {len(names) - len(named)} more likewise" if len(names) > len(named) else ""
    yield f"{', '.join(named)}{more}: {mistakes[0][1]}"


def _lines(error: Any, *, apart: bool) -> Sequence[str]:
    """What is wrong, with what the platform says; a policy's fix, where it is not that of all, `apart`."""
    if apart and isinstance(error, PolicyError) and error.fix:
        return [*error.lines[:-1], f"{error.lines[-1]} ({error.fix})"]
    told = isinstance(error, Rejected) and error.platform_text
    says = f" (platform: {quoted(error.platform_text, MOST_QUOTED)})" if told else ""
    return [*error.lines[:-1], f"{error.lines[-1]}{says}"]


def check_apart(steps: Sequence[Step], earlier: Sequence[Step], times: Sequence[str]) -> None:
    """Raise InvalidParams when one object's end and its status are changed in two steps: together they decide
    whether it delivers, and neither step could say so. `times` are the wire names of when something runs.
    """
    seen: dict[tuple[str, str], set[str]] = {}
    mistakes = []
    for step in [*earlier, *steps]:
        names = seen.setdefault((step.connector, step.subject), set()) if step.subject else set()
        before = set(names)
        names |= step.changes.keys() & {*times, *step.switches}
        apart = before and names - before and names & {*times} and names & {*step.switches}
        if apart and any(step is new for new in steps):
            mistakes.append(f"{label(step)}: change status and schedule of {step.target} in one update")
    if mistakes:
        raise InvalidParams("\n".join(mistakes))


def check_overlaps(steps: Sequence[Step], earlier: Sequence[Step]) -> None:
    """Raise InvalidParams when two steps of a plan change the same field of one object: which would count?"""
    seen = {
        (step.connector, step.subject, name): f"step {number}"
        for number, step in enumerate(earlier, 1)
        for name in step.changes
        if step.subject
    }
    mistakes = []
    for step in steps:
        for name in step.changes if step.subject else ():
            key = (step.connector, step.subject, name)
            if (other := seen.setdefault(key, label(step))) != label(step):
                mistakes.append(f"{label(step)}: {other} changes {name} of {step.target} already")
    if mistakes:
        raise InvalidParams("\n".join(mistakes))


def check_clashes(
    connector: Connector, kind: type[Write], steps: Sequence[Step], earlier: Sequence[Step]
) -> None:
    """Raise InvalidParams when two steps of a plan cannot be there together."""
    if kind.clash is Write.clash:
        return
    before = ((f"step {number}", f"@{number}.id", step) for number, step in enumerate(earlier, 1))
    seen, mistakes = list[tuple[str, str, Write]](), list[str]()
    for said, reference, step in [*before, *((label(step), "", step) for step in steps)]:
        if not asks_alike(connector, kind, step):
            continue
        call = call_of(connector, step)
        whys = ((other, call.clash_at(one, named)) for other, named, one in seen)
        mistakes += [f"{said}: {why} ({other})" for other, why in whys if why]
        seen.append((said, reference, call))
    if mistakes:
        raise InvalidParams("\n".join(mistakes))


def asks_alike(connector: Connector, kind: type[Write], step: Step) -> bool:
    """Whether a step and a call of this kind ask each other whether they can both be in a plan."""
    if kind.clash is Write.clash or step.connector != connector.name:
        return False
    other = connector.action(step.entity, step.action)
    return issubclass(other, Write) and other.clash is kind.clash


def label(step: Step) -> str:
    return step.label or f"items[{step.item}]"
