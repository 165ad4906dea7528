"""The rich console of `demo` and `doctor`: text as it is, colour only on a terminal."""

from __future__ import annotations

import errno
import os

from rich.console import Console


class Screen(Console):
    """Prints advertisers' text without reading markup in it."""

    def __init__(self, *, width: int | None = None, soft_wrap: bool = False) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, width=width, soft_wrap=soft_wrap)

    def on_broken_pipe(self) -> None:
        """Leave it to `cli`, as for every other command."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
