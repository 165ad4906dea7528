"""Lists whose defaults leave out rows in some states, of what is over."""

from __future__ import annotations

from typing import ClassVar, Self

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

    def unseen(self) -> str:
        """What is left out of a list that is looked through; empty where the call says what it wants."""
        return self.left_out()
