"""How much of a list an answer shows; the same parameters for every list on every platform."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from .action import Action

ROWS = 25
MOST_ROWS = 1000
SAME = dict.fromkeys(("pagesize", "perpage", "maxresults", "maxrows", "count", "rows"), "limit")

ORDERS = {"_descending": "-", "_ascending": ""}


class View(BaseModel):
    """Nothing to choose: the action answers with one record."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListView(View):
    """What part of a list to show."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Most rows in this answer.")] = ROWS
    cursor: Annotated[
        str, Field(description="`cursor` of the previous answer: goes on after its last row.")
    ] = ""


class TableView(ListView):
    """What part of a large result to show; it is kept on disk for a day, and paging does not ask again."""

    filter: Annotated[
        str, Field(description='Rows to keep, such as "cost>10 and clicks<5" or "name~shoes" (contains).')
    ] = ""
    sort: Annotated[str, Field(description='A column; "-cost" for largest first.')] = ""
    top: Annotated[int, Field(ge=0, description="Only the first so many rows after filter and sort.")] = 0
    save_to: Annotated[str, Field(description="Also write a CSV of this name inside MCP_ADS_FILES.")] = ""


def view_of(action: type[Action]) -> type[View]:
    """The view parameters an action has."""
    if action.risk != "read":
        return View
    if action.spooled:
        return TableView
    return ListView if action.pages or action.records else View


def split(action: type[Action], params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """View parameters, and the action's own."""
    names = view_of(action).model_fields.keys() - action.model_fields.keys()
    plain = {name.replace("_", ""): name for name in names}
    plain |= {other: name for other, name in SAME.items() if name in names}
    shown: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for given, value in params.items():
        name = "" if given in action.model_fields else plain.get(given.replace("_", "").lower(), "")
        if name and value is not None and (given == name or params.get(name) is None):
            shown[name] = value
        elif not name:
            own[given] = value
    if "sort" in shown:
        shown["sort"] = _plain_order(shown["sort"])
    return shown, own


def _plain_order(sort: Any) -> Any:
    """`-spend` from a list of one, and from spend_descending."""
    only = sort[0] if isinstance(sort, list) and len(sort) == 1 else sort
    for way, sign in ORDERS.items():
        if isinstance(only, str) and only.lower().endswith(way):
            return sign + only[: -len(way)]
    return only
