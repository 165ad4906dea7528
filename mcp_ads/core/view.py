"""How much of a list an answer shows; the same parameters for every list on every platform."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mcp_ads.errors import InvalidParams

from .action import Action

ROWS = 25
MOST_ROWS = 1000
SAME = dict.fromkeys(("pagesize", "perpage", "maxresults", "maxrows", "count", "rows"), "limit")

ASCENDING, DESCENDING = ("_ascending", "_asc", " asc", ":asc"), ("_descending", "_desc", " desc", ":desc")
KEY, DIRECTION = ("field", "column", "key", "name"), ("order", "direction", "sort")


class View(BaseModel):
    """Nothing to choose: the action answers with one record."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListView(View):
    """What part of a list to show."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Most rows in this answer.")] = ROWS
    cursor: Annotated[
        str, Field(description="`cursor` of the previous answer: goes on after its last row.")
    ] = ""


def _keys(value: Any) -> Any:
    """Every spelling of an order as a list of columns, with - for the largest first."""
    if isinstance(value, str):
        value = json.loads(value) if _is_json(value) else value.split(",")
    orders = value if isinstance(value, list | tuple) else [value]
    return [
        key for order in orders if (key := _sort_key(order) if isinstance(order, str | dict) else order) != ""
    ]


def _names(value: Any) -> Any:
    """Every spelling of a list of columns."""
    if isinstance(value, str):
        value = json.loads(value) if _is_json(value) else value.split(",")
    names = value if isinstance(value, list | tuple) else [value]
    return [*dict.fromkeys(name.strip() if isinstance(name, str) else name for name in names if name != "")]


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list | dict)
    except ValueError:
        return False


def _sort_key(order: str | dict[str, Any]) -> str:
    """`-spend` for spend_descending, "spend desc" and {"field": "spend", "order": "desc"}."""
    if isinstance(order, dict):
        column = next((str(order[name]) for name in KEY if name in order), "")
        direction = next((str(order[name]).lower() for name in DIRECTION if name in order), "asc")
        if not column or not direction.startswith(("asc", "desc")):
            raise ValueError('write "-spend,name"')
        return f"-{column}" if direction.startswith("desc") else column
    text, down = order.strip().removeprefix("+"), False
    for endings, descending in ((ASCENDING, False), (DESCENDING, True)):
        for ending in endings:
            if text.lower().endswith(ending):
                text, down = text[: -len(ending)].strip(), descending
    return f"-{text}" if down and not text.startswith("-") else text


SaveTo = Annotated[str, Field(description="Also write a CSV of this name inside MCP_ADS_FILES.")]


class PrivateView(ListView):
    """What part of a list about people to show: kept nowhere but in a file the user gets, if one is named."""

    save_to: SaveTo = ""


class TableView(ListView):
    """What part of a large result to show; it is kept on disk for a day, and paging does not ask again."""

    where: Annotated[
        str,
        Field(
            description='Rows to keep: "cost > 300 USD and (acos > 40% or clicks = 0)", "name ~ \'shoes\'", '
            "in (…), between, like, is empty. Also named filter."
        ),
    ] = ""
    sort: Annotated[
        list[str], BeforeValidator(_keys), Field(description='Columns, "-cost,name": - for largest first.')
    ] = []
    top: Annotated[int, Field(ge=0, description="Only the first so many rows after where and sort.")] = 0
    group_by: Annotated[
        list[str],
        BeforeValidator(_names),
        Field(
            description='Rows of one value become one row, "campaign,month": sums, ratios of sums, count; '
            "also day, week, month."
        ),
    ] = []
    save_to: SaveTo = ""

    @property
    def filter(self) -> str:
        """The other name of `where`."""
        return self.where


def view_of(action: type[Action]) -> type[View]:
    """The view parameters an action has."""
    if action.risk != "read":
        return View
    if action.spooled:
        return TableView
    if action.private and action.pages:
        return PrivateView
    return ListView if action.pages or action.records else View


def split(action: type[Action], params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """View parameters, and the action's own."""
    names = view_of(action).model_fields.keys() - action.model_fields.keys()
    plain = {name.replace("_", ""): name for name in names}
    plain |= {"filter": "where"} if "where" in names else {}
    plain |= {other: name for other, name in SAME.items() if name in names}
    shown: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for given, value in params.items():
        name = "" if given in action.model_fields else plain.get(given.replace("_", "").lower(), "")
        if name == "where" and value and (params.get(name) or shown.get(name) or value) != value:
            raise InvalidParams("filter: the same as where, which is given too with another condition")
        if name and value is not None and (given == name or params.get(name) is None):
            shown[name] = value
        elif not name:
            own[given] = value
    return shown, own
