"""What makes a daily budget another one on some days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar


class Lifted:
    """Of a write: what its object's daily budget comes to.

    `lifts` is what raises a daily budget for some time: its entity, and the parameter of its list for the
    object; `peak` says what that comes to. `ruled_at` is the field of a record that tells of a rule which
    changes its budget; `ruled` says that then nobody knows what it comes to.
    """

    lifts: ClassVar[tuple[str, str]] = ("", "")
    ruled_at: ClassVar[str] = ""

    def peak(self, daily: Decimal, lifts: Iterable[Mapping[str, Any]], currency: str) -> Decimal:  # noqa: ARG002
        """The most that a daily budget comes to on a day, in major units, given its `lifts`."""
        return daily

    @classmethod
    def ruled(cls, record: Mapping[str, Any]) -> str:  # noqa: ARG003
        """Why nobody knows what the daily budget in a record comes to; empty where it is what it says."""
        return ""
