"""Lists whose defaults leave out rows in some states, of what is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from .action import Action


class Hiding(Action):
    """Subclass beside a list's own base: `hidden` are the states left out, `told_in` the columns of states.

    A condition that names one of these states, or groups by such a column, is about the call that is
    `revealed`; any other condition is told what it does not see.
    """

    hidden: ClassVar[tuple[str, ...]] = ()
    told_in: ClassVar[tuple[str, ...]] = ()

    def revealed(self) -> Self:
        """The call that lists these too; the same one where the call itself says which it wants."""
        return self

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Also of a list without rows, what it does not show: there it is taken for all there is."""
        found = super().told(records)
        unsaid = "" if records or self.left_out() else self.unseen()
        return (
            {**found, "hidden": "; ".join(filter(None, [unsaid, found.get("hidden")]))} if unsaid else found
        )

    def unseen(self) -> str:
        """What is left out of a list that is looked through; empty where the call says what it wants."""
        return self.left_out()
