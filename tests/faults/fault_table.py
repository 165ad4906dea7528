"""What is expected of every fault: one word for each operation, and where a platform deviates, why.

right    the right result, after as many tries as are allowed
error    a clear error that says what to do; nothing was changed
later    throttled: it says when to call again; nothing was changed
unknown  nobody knows whether a change was done; the check that is printed tells
rest     the rows read so far, and a cursor with which the others come, none twice
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

READS, CHANGES = ("read", "list"), ("create", "update", "delete")
WORDS = ("right", "error", "later", "unknown", "rest")


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

    `done` says that a change had been carried out when its answer was lost.
    """

    name: str
    how: Mapping[str, Any]
    expected: Mapping[str, str]
    unlike: tuple[Unlike, ...] = field(default=())

    @property
    def done(self) -> bool:
        return self.how.get("when") == "after"

    def word(self, platform: str, operation: str) -> str:
        """What is expected of it there; empty where it makes no sense."""
        for other in self.unlike:
            if other.platform == platform and operation in other.operations:
                return other.word
        return self.expected.get(operation, "")


def _all(read: str, listed: str, change: str) -> dict[str, str]:
    return {"read": read, "list": listed, **dict.fromkeys(CHANGES, change)}


FAULTS = (
    Fault("429 with Retry-After", {"kind": "429", "retry_after": 2}, _all("right", "right", "right")),
    Fault(
        "429 with Retry-After, lasting",
        {"kind": "429", "retry_after": 30, "times": 0},
        _all("later", "rest", "later"),
    ),
    Fault("500", {"kind": "500"}, _all("right", "right", "unknown")),
    Fault("500, lasting", {"kind": "500", "times": 0}, _all("error", "rest", "unknown")),
    Fault("500 after it was done", {"kind": "500", "when": "after"}, dict.fromkeys(CHANGES, "unknown")),
)
