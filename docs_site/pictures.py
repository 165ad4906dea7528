"""Pictures of the sandbox."""

from __future__ import annotations

from pathlib import Path


def taken(sources: Path) -> None:
    """Take every picture that a page asks for."""
