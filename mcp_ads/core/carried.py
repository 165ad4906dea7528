"""What Airbyte's API carries of a platform's requests: its operations, how they are asked, what they answer.

Pure: a request in, an operation with its parameters out. What no operation can say is refused, by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn
from urllib.parse import unquote

from mcp_ads.errors import ApiError, NotOffered

from .cells import cut, one_line
from .onward import check_place
from .request import Reply, Request

MOST_NAMED, MOST_SHOWN = 5, 200
LACKS = "lacks"
"""Among the details of a refusal: what of the parameters the operation that there is does not take."""
OTHERWISE = "or unset MCP_ADS_BACKEND and sign in at the platform itself"
_HOLE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True)
class Operation:
    """One call of the other API, and the request of the platform that it is.

    `query` and `body` are the parameters it takes there, `headers` what it sends itself, `given`
    headers that are parameters of it, `where` values of the query that tell it from others of its path.
    `rows` is where the platform's answer has what it answers with (`one`: a single one of them); `adds` are
    fields it adds to these. `needs` are the parameters without which a change is refused there, `values`
    what some of them may be.
    """

    entity: str
    action: str
    method: str
    path: str
    query: tuple[str, ...] = ()
    body: tuple[str, ...] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""
    one: bool = False
    adds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Entity and action, with a dot between them."""
        return f"{self.entity}.{self.action}"

    @property
    def plainness(self) -> int:
        """How many characters of its path are fixed."""
        return len(re.sub(r"\{\w+\}", "", self.path))

    def objection(self, params: Mapping[str, Any]) -> str:
        """What of a change's parameters it refuses, or leaves out without a word; empty for nothing."""
        if lacking := [name for name in self.needs if params.get(name) is None]:
            return f"needs {_names(lacking)}"
        if empty := [name for name, value in params.items() if value is None]:
            return f"sends no empty {_names(empty)}"
        odd = (name for name, allowed in self.values.items() if params.get(name, allowed[0]) not in allowed)
        if name := next(odd, ""):
            return f"takes no {name} {_shown(params[name])}, only {', '.join(map(str, self.values[name]))}"
        return ""

    def holes(self, path: str) -> Mapping[str, str] | None:
        """What of a path is in the place of its parameters; None for another path."""
        found = _pattern(self.path).fullmatch(path)
        values = {name: unquote(value) for name, value in found.groupdict().items()} if found else None
        return None if values is None or {*values.values()} & {".", ".."} else values


@dataclass(frozen=True)
class Execution:
    """An operation with parameters in the platform's spelling, and the request it stands for."""

    operation: Operation
    params: Mapping[str, Any]
    request: Request
    remarks: tuple[str, ...] = ()
    """What the request asks for and this does not, for the answer to say."""
    proofs: tuple[Execution, ...] = ()
    """Reads that have to find their objects first."""


@dataclass(frozen=True)
class Carrier:
    """How one platform's requests travel over the other API.

    `asked` is a value of the query and `sent` one of the body as they go there; `reply` makes the platform's
    answer of a result and what is said beside it; `apart` are the reads that one request for several objects
    is there, and `joined` its answer of theirs, or of the refusals of some. `kinds` are the entities whose
    modules have other names than they, `plain` values of headers, in lower case, that say nothing of which
    call it is. `dropped` says of a parameter that an operation lacks what a read answers without it, empty
    where that is the same; None where the call is to be refused. `proven` is a parameter that may be left
    out of a read, and the reads of single objects that together say the same. A change lacks nothing.
    """

    operations: tuple[Operation, ...]
    asked: Callable[[str, Any], Any]
    sent: Callable[[Any], Any]
    reply: Callable[[Execution, Any, Mapping[str, Any]], Reply]
    apart: Callable[[Request], Sequence[Request]] = lambda request: [request]
    joined: Callable[[Request, Sequence[Reply | ApiError]], Reply] | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()
    dropped: Callable[[str, Any], str | None] = lambda name, value: None  # noqa: ARG005
    instead: Mapping[str, str] = field(default_factory=dict)
    """What to do where an operation lacks a parameter, for those of which there is more to say."""
    in_part: frozenset[str] = frozenset()
    """Actions of several requests, as entity.action, of which only the first is among the operations."""
    shown: Callable[[Execution, Any, Mapping[str, Any]], bool] = lambda execution, result, meta: True  # noqa: ARG005
    """Whether what a change answers shows that it was made; where it does not, it is read."""
    proven: Callable[[Request], tuple[str, Sequence[Request]]] = lambda request: ("", ())  # noqa: ARG005

    def executions(self, request: Request) -> list[Execution]:
        """What a request is there: one call, or one for each object it reads. Raises NotOffered."""
        if what := _special(request):
            raise NotOffered(f"Airbyte's API carries no {what}", fix=f"do without, {OTHERWISE}")
        return [self._execution(one) for one in self.apart(request)]

    def _execution(self, request: Request) -> Execution:
        operation, holes = self._operation(request)
        given = {name: request.headers[name] for name in operation.given if name in request.headers}
        query = {name: self.asked(name, value) for name, value in request.query.items()}
        body = {name: self.sent(value) for name, value in (request.body or {}).items()}  # type: ignore[union-attr]
        rest = _rest(request.query, operation.query) | _rest(request.body or {}, operation.body or ())
        reading = request.risk == "read"  # of a change nothing is left out
        shown, reads = self.proven(request) if rest and reading else ("", ())
        remarks = {
            name: "" if reads and name == shown else self.dropped(name, value) if reading else None
            for name, value in rest.items()
        }
        lacking = [name for name in rest if remarks[name] is None]
        if lacking:
            usual = "leave it out; where looks at rows here" if operation.rows else "leave it out"
            instead = self.instead.get(lacking[0], usual)
            _refuse(f"Airbyte's {operation.name} takes no {_names(lacking)}", instead, lacks=lacking)
        params = {**holes, **given, **query, **body}
        if twice := [name for name in body if name in query or name in holes]:
            _refuse(
                f"Airbyte's {operation.name} takes one {', '.join(twice)} where two are asked for", "split it"
            )
        params = {name: value for name, value in params.items() if name not in rest}
        check_place(params)
        if request.risk != "read" and (why := operation.objection(params)):
            instead = next((text for name, text in self.instead.items() if name in why), "change that")
            _refuse(f"Airbyte's {operation.name} {why}", instead, lacks=(why,))
        proofs = tuple(self._execution(read) for read in reads if shown in rest)
        return Execution(operation, params, request, tuple(filter(None, remarks.values())), proofs)

    def _operation(self, request: Request) -> tuple[Operation, Mapping[str, str]]:
        """The one that a request is, and what of its path are parameters. Raises NotOffered."""
        fits = [
            (known, holes)
            for known in self.operations
            if known.method == request.method and (holes := known.holes(request.path)) is not None
        ]
        most = max((known.plainness for known, _ in fits), default=0)
        fits = [(known, holes) for known, holes in fits if known.plainness == most]
        kind = self.kinds.get(request.of, request.of)
        alike = {known.entity for known, _ in fits if not known.where}
        if len(alike) > 1 and (kind or request.risk != "read"):
            fits = [(known, holes) for known, holes in fits if known.entity == kind]
        fits = [pair for pair in fits if self._says(pair[0], request)]
        if not fits:
            what = f" of {kind}" if len(alike) > 1 and kind else ""
            _refuse(
                f"Airbyte has no action for {request.method} {unquote(request.path)}{what}",
                "use another action",
            )
        return max(fits, key=lambda pair: _agreeing(pair[0], request))

    def _says(self, operation: Operation, request: Request) -> bool:
        """Whether an operation sends the headers that tell calls apart, and the fixed values of the query."""
        given = {name: value for name, value in request.headers.items() if name not in operation.given}
        same = self._telling(operation.headers) == self._telling(given)
        return same and all(request.query.get(name) == value for name, value in operation.where.items())

    def _telling(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {
            name.lower(): value.lower() for name, value in headers.items() if value.lower() not in self.plain
        }


def _rest(values: Any, taken: Sequence[str]) -> dict[str, Any]:
    """The parameters that are not among those an operation takes."""
    return {name: value for name, value in values.items() if name not in taken}


def _agreeing(operation: Operation, request: Request) -> int:
    """How many of a request's parameters an operation takes."""
    body = request.body if isinstance(request.body, Mapping) else {}
    return len({*request.query} & {*operation.query}) + len({*body} & {*(operation.body or ())})


def _refuse(what: str, instead: str, lacks: Sequence[str] = ()) -> NoReturn:
    error = NotOffered(what, fix=f"{instead}, {OTHERWISE}")
    error.details = {LACKS: lacks} if lacks else {}
    raise error


def _names(names: Sequence[str]) -> str:
    """The first of some names, which an agent may have written, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(_shown(name) for name in names[:MOST_NAMED]) + more


def _shown(text: str) -> str:
    return cut(one_line(str(text)), MOST_SHOWN)


def _special(request: Request) -> str:
    """What of a request no operation can have; empty for nothing."""
    body = request.body
    if body is not None and not isinstance(body, Mapping):
        return "lists, files or forms as a body"
    found = {
        "addresses from answers": request.absolute or bool(request.host),
        "files": request.into_file,
        "batches": bool(request.parts),
        "requests in the name of a page": bool(request.signed_as) or request.secret,
    }
    return next((what for what, there in found.items() if there), "")


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_HOLE.sub(r"(?P<\1>[^/(),]+)", re.escape(path)))


def operations_in(package: str) -> tuple[Operation, ...]:
    """Those that a connector's `airbyte.json` lists."""
    from importlib import resources  # only for those who use Airbyte

    text = resources.files(package).joinpath("airbyte.json").read_text("utf-8")
    return tuple(
        Operation(**{name: _frozen(value) for name, value in row.items()}) for row in json.loads(text)
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
