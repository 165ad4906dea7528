"""All pages of a list for a program: page after page until there is no more, or an error."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

from mcp_ads import errors
from mcp_ads.core import Action, Result
from mcp_ads.core.raw import RawRead
from mcp_ads.core.view import MOST_ROWS as MOST_A_PAGE
from mcp_ads.core.view import split, view_of
from mcp_ads.engine.reads.unread import NOT_READY
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import AdsError, InvalidParams, PlatformDown

MOST_ROWS = 100_000
"""Most rows held together in memory; `rows` yields one after another and has no such bound."""
SAME = "the list does not go on: its next page is asked for as this one was"
MOST_WAITS = 240
"""How often a report that is not finished is asked for again: three hours at 45 seconds each."""

Ask = Callable[[Mapping[str, Any]], Awaitable[Result]]


async def pages(ask: Ask, kind: type[Action], params: dict[str, Any]) -> AsyncIterator[Result]:
    """Each page as a result; a report that is not finished is waited for. Raises AdsError.

    A request by hand is made again for each page, with what its last answer says asks for the next.
    """
    shown, own = split(kind, params)
    has_limit = "limit" in view_of(kind).model_fields.keys() - kind.model_fields.keys()
    left = _most(shown.pop("limit", None)) if has_limit else None
    while True:
        size = {"limit": min(left or MOST_A_PAGE, MOST_A_PAGE)} if has_limit else {}
        page = await _completed(ask, {**own, **shown, **size})
        left = left - len(rows_of(page)) if left is not None else None
        cursor, by_hand = page.meta.get("cursor", ""), page.meta.get("next")
        yield page
        if left == 0:
            return
        if cursor:
            if cursor == shown.get("cursor"):
                raise PlatformDown(SAME)
            shown["cursor"] = cursor
        elif by_hand and issubclass(kind, RawRead) and not shown.keys() - {"cursor"}:
            turned = kind.turned(own, by_hand)
            if turned == own:
                raise PlatformDown(SAME)
            own, shown = turned, {}
        else:
            return


async def together(found: AsyncIterator[Result]) -> Result:
    """All pages as one result, cut at `MOST_ROWS` with the cursor that goes on and a warning."""
    whole: Result | None = None
    async for page in found:
        if whole is None:
            whole = page
        else:
            whole.data = [*rows_of(whole), *rows_of(page)]
            whole.errors = [*whole.errors, *page.errors]
            whole.meta = {**page.meta, "warnings": _warnings(whole, page)}
        if len(rows_of(whole)) >= MOST_ROWS:
            break
    assert whole is not None
    if isinstance(whole.data, list):
        whole.meta["rows"] = len(whole.data)
    if whole.meta.get("more"):
        whole.meta["warnings"] = [*whole.meta.get("warnings", []), f"only the first {MOST_ROWS} rows"]
    if not whole.meta.get("warnings"):
        whole.meta.pop("warnings", None)
    return whole


def whole_rows_of(page: Result) -> list[Any]:
    """A page's rows; raises AdsError when some of what was asked for failed, or was not read."""
    if page.errors:
        raise _error_of(page.errors)
    if page.partial:
        said = ": ".join(filter(None, [page.partial, str(page.meta.get("coverage") or "")]))
        raise PlatformDown(f"not all could be read: {said}", fix="`execute` gives the rows that were read")
    return rows_of(page)


def _error_of(rows: Sequence[Mapping[str, Any]]) -> AdsError:
    """The errors of single objects as one, of their kind where they have the same."""
    text = "\n".join(f"{row['index']}: {row['code']}: {row['message']}" for row in rows)
    kinds, fixes = {row["code"] for row in rows}, {row.get("fix", "") for row in rows}
    kind = getattr(errors, kinds.pop(), AdsError) if len(kinds) == 1 else AdsError
    return cast("AdsError", kind(text, fix=fixes.pop() if len(fixes) == 1 else ""))


def rows_of(page: Result) -> list[Any]:
    """A page's rows; a record is one row."""
    if isinstance(page.data, list):
        return page.data
    return [] if page.data is None else [page.data]


async def _completed(ask: Ask, params: dict[str, Any]) -> Result:
    """The answer once it is of all accounts. Raises PlatformDown where time alone does not bring them."""
    page, before = await _finished(ask, params), ""
    for _ in range(MOST_WAITS):
        if not (isinstance(page, Window) and page.again):
            return page
        coverage = str(page.meta["coverage"])
        if coverage == before and NOT_READY not in coverage:
            break
        page, before = await _finished(ask, {**params, "cursor": page.meta["cursor"]}), coverage
    raise PlatformDown(f"not all accounts could be read: {before}", fix="call again later")


async def _finished(ask: Ask, params: dict[str, Any]) -> Result:
    """The answer once it is one: a report's own id is given back until its rows are there."""
    page = await ask(params)
    for _ in range(MOST_WAITS):
        if not page.meta.get("pending"):
            return page
        resume = {name: value for name, value in page.data.items() if name != "status"}
        page = await ask({**params, **resume})
    raise PlatformDown(f"not finished after {MOST_WAITS} calls; call again with {page.data}")


def _warnings(whole: Result, page: Result) -> list[str]:
    return list(dict.fromkeys([*whole.meta.get("warnings", []), *page.meta.get("warnings", [])]))


def _most(limit: Any) -> int | None:
    """The most rows in all; None is every one. Raises InvalidParams."""
    if limit is None:
        return None
    if isinstance(limit, str) and limit.isdecimal():
        limit = int(limit)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise InvalidParams(f"limit: {limit!r} is not a number of rows; None gives all")
    return limit
