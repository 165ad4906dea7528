"""A write of several requests, known before the first is sent: its parts, and what answers fill in."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from .bodies import File, Form
from .paginators import dig
from .recipe import Progress, Several, Wait
from .request import Request

Gives = TypeVar("Gives")
Steps = Generator[Request | Several | Wait | Progress, Any, Gives]
"""A stretch of a flow that other flows go through, and what it gives them."""

_MADE = re.compile(r"<((?:each )?[\w.]+) of request (\d+)>")
Kept = Mapping[int, Mapping[str, Any]]
"""By the number of a part, from 1: the values at its `keep` paths, as the platform answered."""


def made_by(request: int, path: str) -> str:
    """What stands in a planned request for what the answer to an earlier one gives: that request's number,
    from 1, and the path in its answer. It reads as "<value.image of request 1>".
    """
    return f"<{path} of request {request}>"


def each_by(request: int, path: str) -> str:
    """What stands in a planned request for a list: what each answer to an earlier one gives, which is sent
    as often as there are ranges.
    """
    return made_by(request, each(path))


def each(path: str) -> str:
    """The name under which what several answers give is found."""
    return f"each {path}"


@dataclass(frozen=True)
class Leaves:
    """What a part leaves on the platform when a later one is not done: the noun, the path of its id in the
    part's answer, and the entity and the parameter of the `get` that shows it.
    """

    noun: str
    at: str
    entity: str
    param: str


@dataclass(frozen=True)
class Shown:
    """The call that shows whether a part was done whose answer is lost, after those before it were: an
    action of an entity with its parameters but the account, in which `made_by` may stand, and what it shows
    then in words.

    Of a `get`, `sets` are the fields of its record that the part sets.
    """

    entity: str
    action: str
    params: Mapping[str, Any]
    done: str
    sets: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One request of a write: `line` says in the plan what it does, `keep` are the paths of its answer that
    later parts, the result, or whoever looks for it need.

    A part that `repeats` is sent as often as the flow yields it, each time with another range of its file, or
    with other values where an answer gives them. One that `resumes` does nothing twice when it is sent twice:
    the platform says how far it is. What is lost of any other is unknown, and it is never sent again.
    """

    request: Request
    line: str = ""
    keep: tuple[str, ...] = ()
    repeats: bool = False
    resumes: bool = False
    leaves: Leaves | None = None
    shown: Shown | None = None


def fits(part: Part, request: Request, kept: Kept) -> bool:
    """Whether a request is the planned one but for what answers give, and that is what they gave."""
    elsewhere = part.request.absolute is not request.absolute  # an answer may not name one of our own paths
    return not elsewhere and _fits(_values(part.request), _values(request), None if part.repeats else kept)


def filled(request: Request, answers: Sequence[Any]) -> Request:
    """A planned request with what the answers to those before it give, in its path and its body."""
    return replace(
        request, path=filled_value(request.path, answers), body=filled_value(request.body, answers)
    )


def has_mark(value: Any) -> bool:
    """Whether a text in a value would be filled in: nothing that somebody wrote may be."""
    if isinstance(value, Mapping):
        return any(map(has_mark, value.values()))
    if isinstance(value, list):
        return any(map(has_mark, value))
    return isinstance(value, str) and bool(_MADE.search(value))


def filled_value(value: Any, answers: Sequence[Any]) -> Any:
    """A value with what the answers give where `made_by` stands in it, at any depth."""
    if isinstance(value, Mapping):
        return {name: filled_value(inner, answers) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled_value(inner, answers) for inner in value]
    if isinstance(value, str):
        return _MADE.sub(lambda mark: str(dig(answers[int(mark[2]) - 1], mark[1])), value)
    return value


def nested(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Kept values as the answer they were taken from: {"value.image": 1} is {"value": {"image": 1}}."""
    answer: dict[str, Any] = {}
    for path, value in kept.items():
        *outer, last = path.split(".")
        inner = answer
        for name in outer:
            inner = inner.setdefault(name, {})
        inner[last] = value
    return answer


def _values(request: Request) -> dict[str, Any]:
    return {one.name: getattr(request, one.name) for one in fields(request)}


def _fits(planned: Any, value: Any, kept: Kept | None) -> bool:
    """Whether a value is the planned one; without `kept`, anything may stand where an answer fills in."""
    if isinstance(planned, str) and (found := _MADE.search(planned)):
        if isinstance(value, list):
            return found[0] == planned and value == (kept or {}).get(int(found[2]), {}).get(found[1])
        return isinstance(value, str | int) and bool(re.fullmatch(_pattern(planned, kept), str(value)))
    if isinstance(planned, File) and isinstance(value, File) and kept is None:
        return planned.whole == value.whole
    if isinstance(planned, Form) and isinstance(value, Form):
        return _fits(planned.values, value.values, kept)
    if isinstance(planned, Mapping) and isinstance(value, Mapping):
        return planned.keys() == value.keys() and _all(
            zip(planned.values(), _like(planned, value), strict=True), kept
        )
    if isinstance(planned, list) and isinstance(value, list):
        return len(planned) == len(value) and _all(zip(planned, value, strict=True), kept)
    return type(planned) is type(value) and bool(planned == value)


def _like(planned: Mapping[str, Any], value: Mapping[str, Any]) -> Iterable[Any]:
    return (value[name] for name in planned)


def _all(pairs: Iterable[tuple[Any, Any]], kept: Kept | None) -> bool:
    return all(_fits(planned, value, kept) for planned, value in pairs)


def _pattern(planned: str, kept: Kept | None) -> str:
    """What a text with such marks in it may become; a value that no answer gave fits nothing."""
    pattern, at = "", 0
    for found in _MADE.finditer(planned):
        value = None if kept is None else kept.get(int(found[2]), {}).get(found[1])
        filled = r"[^\r\n]+" if kept is None else r"(?!)" if value is None else re.escape(str(value))
        pattern, at = f"{pattern}{re.escape(planned[at : found.start()])}{filled}", found.end()
    return pattern + re.escape(planned[at:])
