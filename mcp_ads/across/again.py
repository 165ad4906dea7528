"""Questions whose answers are not whole yet: put again as they were, under the result of the first answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from mcp_ads.core import Result, validate
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView, split
from mcp_ads.engine.answers.facts import stated_of_all
from mcp_ads.engine.reads.unread import forward
from mcp_ads.engine.records.results import GONE, name_of
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import AdsError, InvalidParams

from . import ads
from .question import Question

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

AGAIN = "not all of it is ready: call again as before"
GOES_ON = "goes_on"
"""Under this a question says in words what its answer lacks that may come, with {} for the result's name."""
ANEW = "fresh"
"""What orders reports anew: what goes on is about those that were ordered then."""
OF_VIEW = ("where", "sort", "top", "limit", "accounts")


async def noted(desk: Engine, call: Question, view: TableView, result: Result) -> Result:
    """The answer, which says what completes it; how it was asked is noted under its result."""
    goes_on = str(result.meta.pop(GOES_ON, ""))
    if not goes_on:
        return result
    handle = f"r_{result.name}" if isinstance(result, Window) and result.named else ""
    result.partial = goes_on.format(handle)
    if not handle:
        result.partial = AGAIN
    if desk.settings.sandbox:
        result.partial += f". {forward(desk.settings)}"
    if handle and not view.cursor:
        result.meta["result"] = handle
        entity, _, action = call.what.removeprefix(f"{ads.name} ").partition(".")
        own = call.model_dump(mode="json", exclude_none=True, exclude={ANEW}) | {"fields": call.fields}
        shown = view.model_dump(mode="json", include={*OF_VIEW})
        facts = {"entity": entity, "action": action, "params": own, "view": shown}
        await asyncio.to_thread(desk.records.notes.put, _note(handle), facts)
    return result


async def asked_again(
    desk: Engine, handle: str, params: Mapping[str, Any], report: Report | None
) -> Result | None:
    """The answer to the question that a result is of, as it is now; None where it was whole. Raises AdsError.

    The caller may use the result.
    """
    known = await asyncio.to_thread(desk.records.notes.get, _note(handle))
    if not known or "cursor" in params:
        return None
    others = {name: value for name, value in params.items() if name != "from"}
    try:
        entity, action = str(known.facts["entity"]), str(known.facts["action"])
        kind = cast("type[Question]", ads.action(entity, action))
        asked = {**known.facts["params"], **known.facts["view"]}
    except (KeyError, TypeError, AdsError):
        raise InvalidParams(GONE) from None
    shown, own = split(kind, {**asked, **others})
    call = validate.call(entity, action, kind, own)
    result = await cast("Question", call).answered(desk, validate.build(TableView, shown), report)
    return stated_of_all(desk.every_session, result, call)


def _note(handle: str) -> str:
    return f"asked-{name_of(handle)}"
