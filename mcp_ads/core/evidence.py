"""What shows that a write was done where no field of its object does: a list of what it links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .outline import Shown


class Evidence:
    """Of a write that acts: the call whose rows show it, and what of it they show."""

    def shown_by(self) -> Shown | None:
        """The list that shows whether this was done; None where none does."""
        return None

    def part_shown(self, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:  # noqa: ARG002
        """The parameters that say what of it these rows show: the call's own where it is all of it, none
        where it is nothing.
        """
        return {}
