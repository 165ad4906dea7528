"""How much of a list an answer shows; the same parameters for every list on every platform."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mcp_ads.errors import InvalidParams

from .action import Action
from .dates import Span
from .door import of_records
from .texts import types_of

ROWS = 25
MOST_ROWS = 1000
SAME = dict.fromkeys(("pagesize", "perpage", "maxresults", "maxrows", "count", "rows"), "limit")

TWICE = {"where": "condition", "sort": "order"}
ORDERS = ("orderby", "sortby")

LONGEST_KEY = 300
"""Characters of a column's name and its direction: where it ends is looked for at every one of them."""
_DOWN = re.compile(
    r"(.+?)(?:_|\s+|\s*:\s*)(asc|desc)(?:ending)?(?:\s+nulls\s+(?:first|last))?", re.IGNORECASE
)
_REST = re.compile(r"\(?field:(\w+),order:(asc|desc)\w*\)?", re.IGNORECASE)
OF_GROUPS = re.compile(r"count|(?:day|week|month)(?:\(.+\))?", re.IGNORECASE)
"""Columns that groups have besides those of rows: how many these are, and the period of their days."""
_RESULT = re.compile(r"r_[a-z0-9]{12}")
PAIR, MOST_SAID = 2, 40
KEY = ("field", "column", "key", "name", "by", "metric", "sortby", "sortfield")
DIRECTION = ("order", "direction", "sort", "dir", "sortorder", "descending", "desc", "ascending", "asc")


class View(BaseModel):
    """Nothing to choose: the action answers with one record."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)


def _number(value: Any) -> Any:
    """A number as it is. Raises ValueError for true and false, which are none."""
    if isinstance(value, bool):
        raise ValueError("a whole number, not true or false")  # noqa: TRY004 - pydantic takes no other
    return value


class ListView(View):
    """What part of a list to show."""

    limit: Annotated[
        int, Field(ge=1, le=MOST_ROWS, description="Most rows in this answer."), BeforeValidator(_number)
    ] = ROWS
    cursor: Annotated[
        str, Field(description="`cursor` of the previous answer: goes on after its last row.")
    ] = ""


def _keys(value: Any) -> Any:
    """Every spelling of an order as a list of columns, with - for the largest first."""
    if isinstance(value, str):
        text = _REST.sub(r"\1 \2", value.strip())
        value = json.loads(text) if _is_json(text) else text.strip("[]").split(",")
    orders = value if isinstance(value, list | tuple) else [value]
    orders = [":".join(order) if _is_pair(order) else order for order in orders]
    return [
        key for order in orders if (key := _sort_key(order) if isinstance(order, str | dict) else order) != ""
    ]


def _is_pair(order: Any) -> bool:
    """Whether an order is a list of a column and its direction."""
    return (
        isinstance(order, list | tuple)
        and len(order) == PAIR
        and all(isinstance(part, str) for part in order)
        and str(order[1]).lower().startswith(("asc", "desc"))
    )


def _names(value: Any) -> Any:
    """Every spelling of a list of columns."""
    if isinstance(value, str):
        value = json.loads(value) if _is_json(value) else value.split(",")
    names = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(name, str) for name in names):
        return names  # which the view refuses
    return [*dict.fromkeys(name.strip() for name in names if name != "")]


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list | dict)
    except ValueError:
        return False


def _sort_key(order: str | dict[str, Any]) -> str:
    """`-spend` for spend_descending, "spend desc", {"field": "spend", "order": "desc"}, {"spend": "desc"}."""
    if isinstance(order, dict):
        return _key_of(order)
    text = order.strip().strip("'\"").removeprefix("+").strip()
    if len(text) <= LONGEST_KEY and (found := _DOWN.fullmatch(text)):
        text, down = found[1].strip(), found[2].lower() == "desc"
        return f"-{text}" if down and not text.startswith("-") else text
    return f"-{text[1:].strip()}" if text.startswith("-") else text


def _key_of(order: dict[str, Any]) -> str:
    """An object as a column to sort by. Raises ValueError."""
    low = {str(name).replace("_", "").lower(): value for name, value in order.items()}
    if len(order) == 1 and not low.keys() & {*DIRECTION} and (way := _way(*order.values())):
        return f"{way}{next(iter(order))}".removeprefix("+")
    column = next((str(low[name]) for name in KEY if name in low), "")
    named = next((name for name in DIRECTION if name in low), "")
    way = _way(low.get(named, "asc"))
    if named.startswith("asc") and low[named] is False:
        way = "-"
    elif named.startswith("desc") and isinstance(low[named], bool):
        way = "-" if low[named] else "+"
    if not column or not way:
        raise ValueError('write "-spend,name"')
    return f"{way}{column}".removeprefix("+")


def _way(said: Any) -> str:
    """A direction as a sign; empty for what is none."""
    if said in (1, -1) and not isinstance(said, str):
        return "+" if said == 1 else "-"
    text = str(said).lower()
    return "-" if text.startswith("desc") else "+" if text.startswith("asc") else ""


def _ids(value: Any) -> Any:
    """Every spelling of several ids, or the word for all there are."""
    if isinstance(value, str):
        value = json.loads(value) if _is_json(value) else value.split(",")
    ids = [str(id_).strip() for id_ in (value if isinstance(value, list | tuple) else [value])]
    ids = [*dict.fromkeys(id_ for id_ in ids if id_)]
    return "all" if [id_.lower() for id_ in ids] in (["all"], ["*"]) else ids


def no_result(value: Any) -> str:
    """What is wrong with text that should name a result."""
    text = str(value)[:MOST_SAID]
    more = "; days go into the range: since..until" if text[:1].isdigit() else ""
    return f"{text!r} is no result; write r_… as an answer's `result` has it{more}"


def _result(value: Any) -> Any:
    """The name of a result. Raises ValueError for other text."""
    if isinstance(value, str) and value and not _RESULT.fullmatch(value.strip()):
        raise ValueError(no_result(value))
    return value.strip() if isinstance(value, str) else value


class TableView(ListView):
    """What part of a list to show; what needs all of its rows is looked for in these, kept for a day."""

    where: Annotated[
        str,
        Field(description="Rows to keep, by conditions on columns; also filter."),
    ] = ""
    sort: Annotated[
        list[str], BeforeValidator(_keys), Field(description="Columns, - for largest first.")
    ] = []
    top: Annotated[int, Field(ge=0, description="Only the first so many.")] = 0
    group_by: Annotated[
        list[str],
        BeforeValidator(_names),
        Field(description="Columns: a row a group, with count and sums; also day, week, month."),
    ] = []
    accounts: Annotated[
        Literal["all"] | list[str],
        BeforeValidator(_ids),
        Field(description='"all", ids or client:acme: one call.'),
    ] = []
    from_: Annotated[
        str,
        BeforeValidator(_result),
        Field(alias="from", description="`result` of an answer: its rows again."),
    ] = ""
    save_to: Annotated[str, Field(description="Also write a .csv or .jsonl in MCP_ADS_FILES.")] = ""

    @property
    def filter(self) -> str:
        """The other name of `where`."""
        return self.where

    @property
    def computes(self) -> bool:
        """Whether the answer is made of all rows, and is not just the next few."""
        asked = self.model_fields_set - ListView.model_fields.keys()
        return any(getattr(self, name) for name in asked)


def view_of(action: type[Action]) -> type[View]:
    """The view parameters an action has."""
    if action.risk != "read":
        return View
    if action.private:
        return TableView if action.pages else View
    return TableView if action.spooled or action.pages or action.records else View


def offered(action: type[Action]) -> type[View]:
    """Those of them that are told of: records are paged and cannot be looked at otherwise."""
    view = view_of(action)
    return ListView if of_records() and issubclass(view, TableView) else view


def split(
    action: type[Action], params: dict[str, Any], view: type[View] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """View parameters, those of `view` where it is not the action's usual one, and the action's own."""
    names = (view or view_of(action)).model_fields.keys() - action.model_fields.keys()
    plain = {name.replace("_", ""): name for name in names}
    plain |= {"filter": "where"} if "where" in names else {}
    plain |= {other: name for other, name in SAME.items() if name in names}
    if "sort" in names and "sort_by" not in action.model_fields:
        plain |= dict.fromkeys(ORDERS, "sort")
    shown: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for given, value in params.items():
        name = "" if given in action.model_fields else plain.get(given.replace("_", "").lower(), "")
        if name in TWICE and value and (params.get(name) or shown.get(name) or value) != value:
            other = "filter" if name == "where" else given if given != name else "order_by"
            raise InvalidParams(f"{other}: the same as {name}, which is given too with another {TWICE[name]}")
        if (name == "from_" and _begins_a_range(action, value)) or (
            name == "accounts" and _own_accounts(action)
        ):
            name = ""
        if name and value is not None and (given == name or params.get(name) is None):
            shown[name] = value
        elif not name:
            own[given] = value
    if own.get("fields") and shown.get("group_by"):
        own["fields"] = [word for word in _names(own["fields"]) if not _of_groups(word)]
    return shown, own


def _of_groups(word: Any) -> bool:
    """Whether a column is one that groups have by themselves, and rows do not."""
    return isinstance(word, str) and bool(OF_GROUPS.fullmatch(word))


def result_in(params: Mapping[str, Any]) -> str:
    """The result a call begins with, whose action is then none of its business; empty without one."""
    named = (value for name, value in params.items() if name.strip("_").lower() == "from")
    return next((value.strip() for value in named if isinstance(value, str) and value.startswith("r_")), "")


def is_of_several(action: type[Action], params: Mapping[str, Any]) -> bool:
    """Whether a call names the accounts it is about, where others are about one."""
    names = (name for name, value in params.items() if value is not None)
    given = any(name.replace("_", "").lower() == "accounts" for name in names)
    return given and "accounts" not in action.model_fields and not _own_accounts(action)


def _own_accounts(action: type[Action]) -> bool:
    """Whether `accounts` names the one account of an action about people, as the platform spells it."""
    return action.private and "accounts" in action.aliases


def _begins_a_range(action: type[Action], value: Any) -> bool:
    """Whether `from` is the first day of an action's range, and no result."""
    spans = any(Span in types_of(field.annotation) for field in action.model_fields.values())
    return spans and (isinstance(value, dict) or str(value).strip()[:1].isdigit())
