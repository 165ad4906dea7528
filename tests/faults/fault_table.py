"""What is expected of every fault: one word for each operation, and where a platform deviates, why.

right    the right result, after as many tries as are allowed
error    a clear error that says what to do; nothing was changed
later    throttled: it says when to call again; nothing was changed
unknown  nobody knows whether a change was done; the check that is printed tells
rest     the rows read so far, and a cursor with which the others come, none twice
part     the rows read so far, and a warning that there may be more: no cursor would bring them
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine_client import AMAZON, FACEBOOK, LINKEDIN

READS, CHANGES = ("read", "list"), ("create", "creates", "update", "delete", "batch", "direct")
PLATFORMS = (FACEBOOK, LINKEDIN, AMAZON)


@dataclass(frozen=True)
class Unlike:
    """Where a platform is otherwise: on these operations, with this word, for this reason."""

    platform: str
    operations: tuple[str, ...]
    word: str
    why: str


@dataclass(frozen=True)
class Fault:
    """A row of the table: what goes wrong, how the sandbox or the network is asked for it, what is expected.

    `platforms` are those that have it.
    """

    name: str
    how: Mapping[str, Any]
    expected: Mapping[str, str]
    unlike: tuple[Unlike, ...] = ()
    platforms: tuple[str, ...] = field(default=PLATFORMS)

    @property
    def done(self) -> bool:
        """Whether a change had been carried out when its answer was lost."""
        return self.how.get("when") == "after"

    def word(self, platform: str, operation: str) -> str:
        """What is expected of it there; empty where it makes no sense."""
        if platform not in self.platforms:
            return ""
        for other in self.unlike:
            if other.platform == platform and operation in other.operations:
                return other.word
        return self.expected.get(operation, "")


def words(read: str, listed: str, change: str) -> dict[str, str]:
    """What is expected of a read, a list and every change."""
    return {"read": read, "list": listed, **dict.fromkeys(CHANGES, change)}


ONCE, LASTING = words("right", "right", "right"), words("later", "rest", "later")
LOST = dict.fromkeys(CHANGES, "unknown")
FIXED = "Facebook's token is what was set: nothing makes a new one"


def throttled(name: str, how: Mapping[str, Any], platforms: tuple[str, ...] = PLATFORMS) -> tuple[Fault, ...]:
    """Once, and without an end."""
    return (
        Fault(name, how, ONCE, platforms=platforms),
        Fault(f"{name}, lasting", {**how, "times": 0}, LASTING, platforms=platforms),
    )


BODILESS = (
    Unlike(
        *(LINKEDIN, ("create", "update", "delete", "direct"), "right"),
        "LinkedIn answers such a change by status and headers alone: there is nothing to cut",
    ),
)


def failing(
    name: str,
    how: Mapping[str, Any],
    *,
    ends: bool = False,
    unlike: tuple[Unlike, ...] = (),
    platforms: tuple[str, ...] = PLATFORMS,
) -> tuple[Fault, ...]:
    """Once, before a change was carried out and after it, and without an end.

    A read that such a fault `ends` is not asked for again in the same call.
    """
    last = words("later" if "code" in how else "error", "rest", "unknown")
    first = last if ends else words("right", "right", "unknown")
    before, after = {**how, "when": "before"}, {**how, "when": "after"}
    return (
        Fault(name, before, first, unlike if ends else (), platforms),
        Fault(f"{name}, after it was done", after, LOST, () if ends else unlike, platforms),
        Fault(f"{name}, lasting", {**before, "times": 0}, last, platforms=platforms),
    )


SENT_NO = ("connect-refused", "connect-timeout")
"""Faults of which it is known that nothing was sent."""


def unreached(name: str, kind: str) -> tuple[Fault, ...]:
    """Where no connection is made nothing was sent: once, and without an end."""
    return (
        Fault(name, {"kind": kind}, words("right", "right", "error")),
        Fault(f"{name}, lasting", {"kind": kind, "times": 0}, words("error", "rest", "error")),
    )


def of_tokens(kind: str) -> tuple[Fault, ...]:
    """An access token that is refused: once, and every one that is to be had."""
    name = kind.replace("-", " ")
    reads = (
        Unlike(FACEBOOK, ("list",), "rest", FIXED),
        Unlike(FACEBOOK, ("read", *CHANGES), "error", FIXED),
    )
    return (
        Fault(name, {"kind": kind}, ONCE, reads),
        Fault(f"{name}, every one", {"kind": kind, "times": 0}, words("error", "rest", "error")),
    )


SETTLES = (
    Unlike(
        *(LINKEDIN, (*READS, *CHANGES), "right"),
        "a new token of LinkedIn's is tried again after a moment, since it does not count at once",
    ),
)
FAULTS = (
    *throttled("429 with Retry-After", {"kind": "429", "retry_after": 2}),
    *throttled("429 without", {"kind": "429"}),
    *throttled("code 4 with its header", {"kind": "throttle", "code": 4}, (FACEBOOK,)),
    *throttled("code 613", {"kind": "throttle", "code": 613}, (FACEBOOK,)),
    Fault("code 17: a minute by its header", {"kind": "throttle"}, LASTING, platforms=(FACEBOOK,)),
    Fault(
        "code 80004: a minute by its header",
        {"kind": "throttle", "code": 80004},
        LASTING,
        platforms=(FACEBOOK,),
    ),
    Fault("data throttle: 5 minutes", {"kind": "throttle"}, LASTING, platforms=(LINKEDIN,)),
    Fault("quota of the day", {"kind": "quota", "times": 0}, LASTING, platforms=(LINKEDIN,)),
    *throttled("429 as HTML", {"kind": "429-html"}),
    *throttled("429 with a code", {"kind": "throttle", "code": "THROTTLED"}, (AMAZON,)),
    *failing("500", {"kind": "500"}),
    *failing("502 as HTML", {"kind": "502-html"}),
    *failing("503", {"kind": "503"}),
    *failing("code 613 under 500", {"kind": "500-throttle", "code": 613}, platforms=(FACEBOOK,)),
    *failing("a throttle's code under 500", {"kind": "500-throttle"}, platforms=(LINKEDIN, AMAZON)),
    *unreached("connection refused", "connect-refused"),
    *unreached("connect timeout", "connect-timeout"),
    *failing("read timeout", {"kind": "read-timeout"}, ends=True),
    *failing("cut", {"kind": "cut"}),
    *failing("400 of a gateway as HTML", {"kind": "400-html"}),
    *failing("400 of a gateway as JSON", {"kind": "400-json"}, ends=True),
    *failing("401 of a gateway as HTML", {"kind": "401-html"}),
    *failing("404 of a gateway as HTML", {"kind": "404-html"}),
    *failing("another's error under 200", {"kind": "foreign-error"}),
    *failing("200 with {}", {"kind": "empty-object"}),
    *failing("a byte now and then", {"kind": "drip"}, ends=True),
    *failing("slow: 60 s", {"kind": "slow", "seconds": 60}, ends=True),
    *failing("truncated JSON", {"kind": "truncated"}, unlike=BODILESS),
    *failing("empty body", {"kind": "empty"}),
    *failing("HTML in place of JSON", {"kind": "wrong-type"}),
    *failing("text in place of JSON", {"kind": "wrong-type", "what": "text"}),
    *failing("corrupt gzip", {"kind": "corrupt-gzip"}),
    *failing("redirect", {"kind": "redirect"}),
    *of_tokens("expired-token"),
    *of_tokens("revoked-token"),
    Fault(
        "two 401s in a row", {"kind": "expired-token", "times": 2}, words("error", "rest", "error"), SETTLES
    ),
    Fault("page token expired", {"kind": "page-expired", "skip": 0}, {"list": "rest"}),
    Fault("a page that comes again", {"kind": "page-repeats", "skip": 0, "times": 0}, {"list": "part"}),
    Fault("pages that overlap", {"kind": "page-repeats", "what": "rows", "skip": 0}, {"list": "part"}),
    Fault(
        "a list that ends before its total",
        {"kind": "page-ends", "skip": 0},
        {"list": "part"},
        platforms=(AMAZON,),
    ),
)
