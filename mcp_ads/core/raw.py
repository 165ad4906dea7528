"""Requests a caller writes out: what their paths and parameters may not have, what is cut from answers.

A path is one of the platform's own, without host, query, dots or escapes that could make it another. Keys
that would change the request into another one, or carry a credential, are refused however they are spelt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import unquote

from pydantic import Field, field_validator, model_validator

from .action import Action, Read
from .cells import compact, cut, one_value, visible
from .context import Context
from .owner import OBJECT, Owner
from .paginators import Cursor, dig
from .raw_values import MOST_DEEP, PEOPLE, SECRET, read, spelt, text_of, walk, without_secrets, words
from .recipe import Flow, Result
from .request import Request
from .texts import read_text
from .write import Does, Write

MOST_PATH, SHOWN = 500, 60
MOST_SENT, MOST_MOVED = 6_000, 600
"""Characters of what is changed by hand: all of it is shown to whoever approves it."""
REFUSED_KEYS = frozenset({
    "method", "batch", "accesstoken", "appsecretproof", "callback", "adbatch", "relativeurl", "httpmethod",
})  # fmt: skip
"""Without case, underscores or anything else that is no letter or digit."""
ASKING = frozenset({
    "fields", "field", "summary", "breakdowns", "actionbreakdowns", "projection", "decoration", "expand",
    "select",
})  # fmt: skip
"""Parameters whose value names what an answer has."""
SECRET_FIELD = re.compile(r"token|secret|password|signature|credential|\bas\s*\(", re.IGNORECASE)
CLOSED = (
    "not open to raw requests: it holds a version, credentials, billing, or deletes or sends several at once"
)
_SEGMENT = re.compile(r"[A-Za-z0-9._~:,()'$=+-]+", re.ASCII)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}", re.ASCII)
_MONEY = re.compile(r"budget|bid|spend|cap|amount|cost|price", re.IGNORECASE)
_ORDER = re.compile(r"(?=.*(BUDGET|BID|SPEND))[A-Z]+(_[A-Z]+)+", re.ASCII)
"""A word for what is to be done that names money, such as CHANGE_BUDGET."""
_NEVER = re.compile(r"(oauth\w*|auth|debug_token|billing\w*)(/.*)?|.*(access_?token|usersofanyaudience).*")

Values = dict[str, Any]
Query = Annotated[Values, Field(description="Parameters in the URL, as the platform names them.")]


class Raw(Action):
    """A request of the caller's own: `path` and what goes with it.

    `escapes` says whether its keys may be escaped, `paging` names parameters that ask for a page, `never` are
    patterns of further paths. `people` is the pattern of what is about people, wherever it stands in a path
    or among the fields asked for: what is asked for by hand is written down.
    """

    path: Annotated[
        str, Field(max_length=MOST_PATH, description="Begins with /, has no version and no query.")
    ]
    query: Query = {}  # noqa: RUF012 - pydantic copies it

    whose: ClassVar[Owner] = OBJECT
    escapes: ClassVar[bool] = False
    paging: ClassVar[tuple[str, ...]] = ()
    never: ClassVar[str] = ""
    people: ClassVar[str] = ""

    @field_validator("path")
    @classmethod
    def _plain(cls, value: str) -> str:
        """A path of plain segments. Raises ValueError for any that could be read as another."""
        if not value.startswith("/") or value.startswith("//") or len(value) > MOST_PATH:
            raise ValueError('begins with one /, such as "/123": hosts and addresses are not taken')
        segments = value[1:].split("/")
        for segment in segments:
            text = unquote(segment) if cls.escapes and not _ESCAPE.sub("", segment).count("%") else segment
            if not _SEGMENT.fullmatch(text) or set(text) == {"."} or ".." in text:
                raise ValueError(
                    f"{segment[:SHOWN]!r} is no part of a path; parameters go into query or body"
                )
        plain = unquote(value[1:]).lower()
        if _NEVER.fullmatch(plain) or (
            cls.never and re.fullmatch(cls.never, f"{cls.http.method.lower()} {plain}")
        ):
            raise ValueError(CLOSED)
        if cls.people and re.search(rf"(^|/)({cls.people})([/(:~]|$)", plain):
            raise ValueError("this is about people, and raw requests and answers are written down")
        return value

    @model_validator(mode="after")
    def _reviewed(self) -> Self:
        given = {"query": self.query, "body": getattr(self, "body", None)}
        paging = self.paging if self.risk == "read" else ()
        for name, value in given.items():
            if wrong := next(_mistakes(value, paging, self.people), ""):
                raise ValueError(f"{name}: {wrong}")
        return self

    def asks_for(self) -> Iterator[tuple[str, str]]:
        """Each parameter that names what the answer has, with each word in it, in lower case."""
        for _, key, value in walk([self.to_query(), self.to_body()]):
            if spelt(key) & ASKING:
                yield from ((key, word) for word in words(value))

    @property
    def parts(self) -> list[str]:
        """The segments of the path."""
        return [unquote(part) for part in self.path[1:].split("/")]

    def to_path(self) -> str:
        return self.path

    def to_query(self) -> Mapping[str, Any]:
        return self.query

    def to_body(self) -> Any:
        return getattr(self, "body", None)


class RawRead(Raw, Read):
    """Asks by hand. `rows` are where lists stand in answers, `onward` is what a page is continued with.

    The answer may be about anybody, so the trace keeps no more than its size.
    """

    rows: ClassVar[tuple[str, ...]] = ()
    onward: ClassVar[Cursor | None] = None
    records = "data"  # of the Result, which a view may cut

    def to_request(self) -> Request:
        return replace(super().to_request(), private=True)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002
        answer = yield self.to_request()
        onward = self.next_query(answer)
        clean = without_secrets(answer)
        found = next((dig(clean, path) for path in self.rows if isinstance(dig(clean, path), list)), clean)
        meta: Values = {"next": onward} if onward else {}
        warnings = [*self.unheeded(onward)]
        if nowhere := _nowhere(self.fields or (), found if isinstance(found, list) else [found]):
            warnings.append(f"the platform answered nothing under {', '.join(nowhere)}")
        return Result(found, meta | ({"warnings": warnings} if warnings else {}))

    def next_query(self, answer: Any) -> Values:
        """Parameters of the query that ask for the page after an answer; none at the end."""
        token = self.onward.token(self.to_request(), answer) if self.onward else None
        return {self.onward.write: token} if self.onward and token else {}

    @classmethod
    def turned(cls, params: Values, onward: Values) -> Values:
        """The parameters of a call with those that ask for the page after its answer."""
        where = "query" if cls.http.method == "GET" else "body"
        known = read_text(params.get(where) or {}, cls.model_fields[where])
        return {**params, where: {**known, **onward}}

    def unheeded(self, onward: Values) -> Iterable[str]:  # noqa: ARG002
        """What the platform took no notice of, as its answer shows."""
        return ()


def _nowhere(fields: Iterable[str], rows: list[Any]) -> list[str]:
    """The columns asked for that no row has, where there are rows."""
    known = [row for row in rows if isinstance(row, Mapping) and row]
    names = (name for name in fields if name not in ("*", "all"))
    return [
        name for name in names if known and all(name not in row and dig(row, name) is None for row in known)
    ]


class RawWrite(Raw, Write):
    """Changes something by hand: nobody here knows what that spends, or how to take it back."""

    does: ClassVar[Does] = "acts"
    raw: ClassVar[bool] = True
    irreversible = "a raw request has no opposite that could be made here"

    @model_validator(mode="after")
    def _shown_whole(self) -> Self:
        if len(visible(compact([self.to_query(), self.to_body()]))) > MOST_SENT:
            raise ValueError(
                f"body: over {MOST_SENT} characters are more than a plan can show whole; send it in parts"
            )
        return self

    def sets(self) -> Values:
        return {}

    def effect(self) -> str:
        return f"sends {self.http.method} {self.path} as it is"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:  # noqa: ARG002
        yield "spend unknown: what this request spends cannot be read from it"

    def moves(self) -> Iterable[str]:
        leaves = [leaf for given in (self.to_query(), self.to_body()) for leaf in _leaves(given, "")]
        on = {state.upper() for state in self.states.on}
        found = {
            "may begin to deliver": (leaf for leaf in leaves if str(leaf[1]).upper() in on),
            "may move money": (
                leaf for leaf in leaves if _MONEY.search(leaf[0]) or _ORDER.fullmatch(str(leaf[1]))
            ),
        }
        for what, some in found.items():
            if said := Counter(f"{one_value(path)} {one_value(str(value))}" for path, value in some):
                lines = (f"{leaf}{f' ({count} times)' if count > 1 else ''}" for leaf, count in said.items())
                yield f"{what}: {cut(', '.join(lines), MOST_MOVED)}"

    def spend_unknown(self) -> str:
        return "" if self.quiets() else "what a raw request spends cannot be read"

    def quiets(self) -> bool:
        """Whether the body does nothing but pause or archive."""
        return False


def _mistakes(value: Any, paging: tuple[str, ...], people: str) -> Iterator[str]:
    """What a raw request's parameters may not have, however deep, also inside JSON text."""
    for depth, key, inner in walk(value):
        if depth > MOST_DEEP:
            yield f"nested more than {MOST_DEEP} levels deep"
        names = spelt(key)
        if names & REFUSED_KEYS:
            yield f"{key[:SHOWN]!r} is not taken in a raw request"
        if names & PEOPLE:
            yield f"{key[:SHOWN]!r} is about people, and raw requests are written down"
        if key not in paging and any(name.endswith(SECRET) for name in names):
            yield f"{key[:SHOWN]!r} looks like a credential, and requests are written down"
        if names & ASKING and SECRET_FIELD.search(text_of(inner)):
            yield f"{key[:SHOWN]!r} asks for a credential"
        about = (word for word in words(inner) if spelt(word) & PEOPLE or re.fullmatch(people, word))
        if names & ASKING and (word := next(about, "")):
            yield f"{key[:SHOWN]!r} asks for {word[:SHOWN]!r}, which is about people; raw answers are kept"


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value that holds no others, with the keys that lead to it."""
    value = read(value)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value
