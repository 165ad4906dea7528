"""What is said of accounts that were not read: which, why in a few words, and what asks them again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

from mcp_ads.core import Result
from mcp_ads.core.cells import cut, visible
from mcp_ads.engine.wire.authority import authority
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import (
    AdsError,
    AuthError,
    NotConfigured,
    NotFound,
    OutOfScope,
    PlatformDown,
    RateLimited,
    TooMuch,
)
from mcp_ads.settings import Settings

MOST_NAMED, MOST_WHY, MOST_FIX = 10, 80, 160
NOT_READY = "its report is not ready"
KEY, PARTIAL = "unread", "partial"
"""Where what is said of kept rows has what they lack, and what an answer of them begins with."""
ONWARD = "the cursor reads only what is missing ({}), and answers with all"
ELSEWHERE = "the call that named this result reads what is missing ({}), with the cursor it gave"


PART_SAVED = "the file has only what was read: save it again, from the result, when all is"


def forward(settings: Settings) -> str:
    """How time goes by in the sandbox: in the world that is asked."""
    world = f" --world {settings.sandbox_world}" if settings.sandbox_world else ""
    return f"In the sandbox time goes by with `mcp-ads sandbox{world} --forward 600`"


class OutOfTime(PlatformDown):
    """The call's time was over before this was read."""

    who = "you"


SAID: tuple[tuple[type[AdsError], str], ...] = (
    (OutOfTime, "the call's time is over"),
    (OutOfScope, "not allowed"),
    (NotConfigured, "not signed in"),
    (NotFound, "not there, or not visible"),
    (TooMuch, "too much at once"),
    (PlatformDown, "the platform did not answer"),
)
"""Kinds of errors in a few words, the nearest first; others say what they say."""
WORDS = {kind.__name__: words for kind, words in SAID}


def why(error: AdsError) -> str:
    """Why something was not read, in a few words."""
    if isinstance(error, AuthError):
        return _unsigned(error) if error.sign_in else f"no permission ({_said(error)})"
    if isinstance(error, RateLimited):
        return throttled(error.retry_after)
    return next((words for kind, words in SAID if isinstance(error, kind)), _said(error))


def _unsigned(error: AuthError) -> str:
    """What is wrong with the token, as far as the platform says it, and what renews it."""
    said = f"{error} {error.fix} {error.platform_text}".lower()
    known = [word for word in ("expired", "revoked") if word in said]
    local = authority().whole and not authority().name  # others cannot run what the fix may name
    fix = f": {cut(visible(error.fix), MOST_FIX)}" if local and error.fix else ""
    return f"token {' or '.join(known) or 'not accepted'}{fix}"


def throttled(seconds: float) -> str:
    """Until when the platform answers nothing, in whole minutes."""
    until = time.strftime("%H:%M UTC", time.gmtime(time.time() + seconds + 59))
    return f"throttled until {until}" if seconds else "throttled"


def _said(error: AdsError) -> str:
    return cut(visible(str(error).partition("\n")[0]), MOST_WHY)


@dataclass(frozen=True)
class Unread:
    """One account that was not read, and why; what asks it `again`, where that may help."""

    account: str
    why: str
    again: bool = False
    action: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lacks:
    """What a table of several accounts lacks.

    `of` is how many there are, `gaps` say why there may be others that nobody knows of, `short` which were
    read in part. `what` they are called may be nothing, where they are the objects that a call names.
    """

    of: int
    unread: Sequence[Unread] = ()
    gaps: Sequence[str] = ()
    short: Sequence[str] = ()
    what: str = "accounts"

    @property
    def again(self) -> list[Unread]:
        """Those that asking once more may bring."""
        return [one for one in self.unread if one.again]

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept beside rows; nothing where they lack nothing."""
        if not (self.unread or self.gaps or self.short):
            return {}
        unread = [list(astuple(one)) for one in self.unread]
        kept = {"of": self.of, "unread": unread, "gaps": [*self.gaps], "short": [*self.short]}
        return {KEY: {**kept, "what": self.what}, "coverage": self.coverage}

    @property
    def partial(self) -> str:
        """What the first line says: how many were read, and whether these may not be all, or not whole."""
        what = " ".join(filter(None, ["known" if self.gaps else "", self.what]))
        read = f"{self.of - len(self.unread)} of {self.of} {what} read".replace("  ", " ")
        return f"{read}{', some in part' if self.short else ''}; coverage says why"

    @property
    def coverage(self) -> str:
        """Which accounts there are no rows of: "48 of 50; not read: 1 token expired"."""
        pairs = [(one.account, one.why) for one in self.unread]
        return coverage_of(self.of, pairs, self.gaps, self.short)


def lacks_of(meta: Mapping[str, Any]) -> Lacks | None:
    """What kept rows lack; None where they are of one account, or of all."""
    kept = meta.get(KEY)
    if not kept:
        return None
    unread = [Unread(*one) for one in kept["unread"]]
    return Lacks(kept["of"], unread, kept["gaps"], kept["short"], kept.get("what", "accounts"))


def lacking(result: Result, ids: Sequence[Any]) -> dict[str, Any]:
    """What is kept beside rows of items of which some were refused; nothing where none was.

    `ids` are those the call names, none where its items have other names.
    """
    said = [
        (int(row["index"]), WORDS.get(str(row["code"])) or cut(visible(str(row["message"])), MOST_WHY))
        for row in result.errors
    ]
    unread = [Unread(str(ids[at]) if ids else f"item {at}", reason) for at, reason in said]
    return Lacks(len(ids) or len(result.data) + len(unread), unread, what="").facts


def parted(window: Window, *, again: bool) -> Window:
    """The window, which says what its table lacks, and whose cursor asks for that, if it may `again`."""
    lacks, window.partial = lacks_of(window.meta), window.meta.pop(PARTIAL, "")
    if lacks:
        del window.meta[KEY]
        window.partial = lacks.partial
    if lacks and (count := len(lacks.again)) and window.name:
        onward = (ONWARD if again else ELSEWHERE).format(f"{count} account{'s' if count > 1 else ''}")
        window.meta["warnings"] = [*window.meta.get("warnings", []), onward]
        if again:
            window.again = True
            window.meta |= {"more": True, "cursor": window.cursor_at(0)}
    if window.partial and "saved" in window.meta:
        window.meta["warnings"] = [*window.meta.get("warnings", []), PART_SAVED]
    return window


def coverage_of(
    count: int, unread: Sequence[tuple[str, str]], gaps: Iterable[str], short: Iterable[str] = ()
) -> str:
    """Which of so many accounts were not read, and why; "" where all were, and there may be no others.

    `unread` are accounts with why, `gaps` say why there may be accounts that nobody knows of, `short` which
    were read in part.
    """
    parts = []
    if unread:
        named = ", ".join(f"{account} {reason}" for account, reason in unread[:MOST_NAMED])
        more = f" and {len(unread) - MOST_NAMED} more" if unread[MOST_NAMED:] else ""
        parts.append(f"not read: {named}{more}")
    for what, lines in (("read in part", short), ("not listed", gaps)):
        if said := "; ".join(lines):
            parts.append(f"{what}: {said}")
    return "; ".join([f"{count - len(unread)} of {count}", *parts]) if parts else ""
