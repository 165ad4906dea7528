"""How a call asks for rows: the view, the vendor's own paging, several ids at once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from pydantic.fields import FieldInfo

from mcp_ads.core import Action, texts, validate
from mcp_ads.core.unsendable import unsendable
from mcp_ads.core.view import MOST_ROWS, ListView, TableView, View, view_of
from mcp_ads.errors import InvalidParams

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
from mcp_ads.engine.session.params import account_left_out, checked, signature

MOST_IDS = 100


def view_for(kind: type[Action], params: dict[str, Any]) -> type[View]:
    """The view parameters of a call: those of a list also where a get names several objects."""
    usual, names = view_of(kind), _named(kind, params)
    if usual is not View or kind.private or not names:
        return usual
    ids = params[names[0]]
    several = isinstance(ids, list) or (
        isinstance(ids, str) and (ids.strip()[:1] == "[" or validate.ids_between(ids))
    )
    return TableView if several else usual


def view_asked(
    session: Session, kind: type[Action], shown: dict[str, Any], own: dict[str, Any], view: type[View]
) -> View:
    """The view asked for; raises InvalidParams with the mistakes of the other parameters too."""
    try:
        return validate.build(view, shown)
    except InvalidParams as wrong:
        lines = [*wrong.lines]
    try:
        checked(session, kind, own | account_left_out(session, kind, own))
    except InvalidParams as more:
        lines += more.lines
    raise InvalidParams("\n".join(lines), signature=signature(session, kind))


def check_page(kind: type[Action], params: dict[str, Any], view: View) -> None:
    """Raise InvalidParams for a raw page token beside what is asked of all pages."""
    names = [name for name in params if name in paging_names(kind)[0] and params[name] is not None]
    if names and isinstance(view, TableView) and view.computes:
        asked = sorted(view.model_fields_set - ListView.model_fields.keys())
        raise InvalidParams(
            f"{names[0]}: one page; not beside {', '.join(asked)}, which take all: leave one out"
        )


def vendor_paging(kind: type[Action], params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A raw page token under the vendor's own name (after, pageToken, …), and its page size as our limit."""
    tokens, sizes = paging_names(kind)
    token = next((str(params[name]) for name in params if name in tokens and params[name] is not None), "")
    rest = {name: value for name, value in params.items() if name not in tokens | sizes}
    size = next((params[name] for name in params if name in sizes), None)
    if size is not None and str(size).isdecimal():
        rest.setdefault("limit", min(int(size), MOST_ROWS))
    return token, rest


@functools.cache
def paging_names(kind: type[Action]) -> tuple[frozenset[str], frozenset[str]]:
    """The vendor's names of a page token, and of a page's size, where these are no parameters."""
    tokens, sizes = _spellings(kind, "write", "start"), _spellings(kind, "size") - {"limit"}
    own = kind.model_fields.keys() | ListView.model_fields.keys()
    return frozenset(tokens - own), frozenset(sizes - own)


def _named(kind: type[Action], params: dict[str, Any]) -> list[str]:
    """The parameters that name the object of a get, as they are spelt in this call."""
    if not kind.subject:
        return []
    given = [param for param, value in params.items() if value is not None]
    return [param for param in given if validate.our_name(kind, param) == kind.subject]


def _spellings(kind: type[Action], *roles: str) -> set[str]:
    names = {getattr(kind.pages, role, "") for role in roles} - {""} if kind.pages else set()
    return names | {validate.snake(name) for name in names}


def several_ids(kind: type[Action], params: dict[str, Any]) -> list[str]:
    """The ids when a get names several objects and the platform reads them one by one."""
    if kind.many:
        return []
    names = _named(kind, params)
    name = names[0] if names else ""
    if other := [param for param in names if params[param] not in (None, params[name])]:
        raise InvalidParams(f"{other[0]}: not the same as {name}, which is given too")
    ids = params.get(name)
    if isinstance(ids, str) and ids.strip().startswith("["):
        ids = texts.read_text(ids, FieldInfo(annotation=list[str]))
    elif isinstance(ids, str):
        ids = validate.ids_between(ids) or ids
    if not isinstance(ids, list):
        return []
    if not 1 <= len(ids) <= MOST_IDS:
        raise InvalidParams(f"{name}: 1 to {MOST_IDS} ids")
    if wrong := unsendable(params[name]):
        raise InvalidParams(f"{name}: {wrong}")
    return [str(id_) for id_ in dict.fromkeys(map(str, ids))]
