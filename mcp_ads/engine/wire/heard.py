"""What platforms remark beside their answers: kept for the call that hears it, bounded, and no longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from mcp_ads.core.cells import cut, visible
from mcp_ads.errors import ApiError

MOST, MOST_CHARS = 5, 300
_heard: ContextVar[dict[str, None] | None] = ContextVar("heard", default=None)
_scarce: ContextVar[dict[str, Any] | None] = ContextVar("scarce", default=None)


@contextmanager
def listening() -> Iterator[None]:
    """What is remarked in here, also to tasks started in here, belongs to this call.

    An error of a platform that leaves it says how little is left of a limit.
    """
    if _heard.get() is not None:
        yield
        return
    token, scarce = _heard.set({}), _scarce.set({})
    try:
        yield
    except ApiError as error:
        error.rate = error.rate or rate()
        raise
    finally:
        _heard.reset(token)
        _scarce.reset(scarce)


def hear(remarks: Iterable[str]) -> None:
    """Keep what a platform remarked, each once; beyond a number they are not worth reading."""
    if (kept := _heard.get()) is None:
        return
    for remark in remarks:
        if len(kept) <= MOST:
            kept[cut(visible(" ".join(remark.split())), MOST_CHARS)] = None


def heard() -> list[str]:
    """The remarks that platforms made during this call, at most a number of them."""
    remarks = list(_heard.get() or ())
    return [*remarks[:MOST], "… and more warnings of the platform"] if len(remarks) > MOST else remarks


def hear_rate(told: Mapping[str, Any]) -> None:
    """Keep what a platform tells of a limit where little is left of it: of several the scarcest."""
    kept = _scarce.get()
    if kept is None or (kept and kept["left_pct"] < told["left_pct"]):
        return
    kept.clear()
    kept.update((name, fact) for name, fact in told.items() if fact or name == "left_pct")


def rate() -> dict[str, Any]:
    """How little is left of the scarcest limit that this call met; empty where enough is left of all.

    `limit` and `account` (none: the app's, of all accounts), `left_pct` of it, in how many seconds it
    recovers (`recovers_s`), how far apart calls are sent (`spaced_s`), and the app's access (`tier`).
    """
    return dict(_scarce.get() or {})


def rate_line(told: Mapping[str, Any]) -> str:
    """The same as a sentence; empty where there is nothing to say."""
    if not told:
        return ""
    whose = f" of account {told['account']}" if "account" in told else " of the app"
    recovers = f", recovers in {told['recovers_s']} s" if "recovers_s" in told else ""
    spaced = f"; calls are sent {told['spaced_s']} s apart" if "spaced_s" in told else ""
    return f"rate: {told['left_pct']:g} % left of the limit {told['limit']}{whose}{recovers}{spaced}"
