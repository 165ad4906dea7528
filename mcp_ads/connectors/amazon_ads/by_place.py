"""Answers about many objects of one kind, asked for by their ids: rows and errors by the places of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mcp_ads.core import Request
from mcp_ads.core.outline import Steps
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import ApiError, PlatformDown, Rejected

from .fixes import ITEM_FIXES
from .items import CODE_KINDS, SENTENCES
from .types import MOST_IDS, Json


def answered(
    ids: Sequence[str], ask: Callable[[Sequence[str]], Request], success: str, failed: str, noun: str
) -> Steps[tuple[dict[int, Json], dict[int, ApiError]]]:
    """What each id was answered, in requests of a hundred; one that fails is an error of each of its ids.

    `success` and `failed` are the answer's lists. Raises ApiError where there is one request, and it fails.
    """
    rows, errors = dict[int, Json](), dict[int, ApiError]()
    for start in range(0, len(ids), MOST_IDS):
        places = range(start, min(start + MOST_IDS, len(ids)))
        try:
            answer = yield ask(ids[start : start + MOST_IDS])
        except ApiError as error:
            if len(ids) <= MOST_IDS:
                raise
            errors |= dict.fromkeys(places, error)
            continue
        rows |= {start + at: entry for at, entry in _entries(answer, success, len(places))}
        lost = PlatformDown(f"the answer does not say what became of this {noun}", fix="call again")
        told = {start + at: _error(entry) for at, entry in _entries(answer, failed, len(places))}
        errors |= {at: error for at, error in (dict.fromkeys(places, lost) | told).items() if at not in rows}
    return rows, errors


def told(at: int, error: ApiError) -> Json:
    """An error of one id as an answer tells it."""
    row = {"index": at, "code": type(error).__name__, "message": str(error), "fix": error.fix}
    row |= {"platform": error.code, "says": cut(error.platform_text)}
    return {name: value for name, value in row.items() if value not in ("", None)}


def _entries(answer: Any, name: str, most: int) -> Iterator[tuple[int, Json]]:
    """The entries of a list in the answer, with their places in the request."""
    entries = answer.get(name) if isinstance(answer, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        at = entry.get("index") if isinstance(entry, dict) else None
        if isinstance(at, int | float) and not isinstance(at, bool) and 0 <= at < most:
            yield int(at), entry


def _error(entry: Json) -> ApiError:
    """Why there is nothing of an object; budget recommendations put it one level down."""
    inner = entry.get("Error") or entry
    code = str(inner.get("code") or "")
    kind = CODE_KINDS.get(code, Rejected)
    fix = ITEM_FIXES["NOT_FOUND"] if code in ("404", "NOT_FOUND") else ""
    return kind(SENTENCES[kind], code=code, platform_text=str(inner.get("details") or ""), fix=fix)
