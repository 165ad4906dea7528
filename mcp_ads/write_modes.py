"""Write modes: what becomes of a write. One check, wherever one is named."""

from __future__ import annotations

from typing import Any, Literal, get_args

from .errors import BadSettings

Writes = Literal["plan", "direct", "off"]
WRITE_MODES: tuple[Writes, ...] = get_args(Writes)


def write_mode(value: Any, name: str = "writes") -> Writes:
    """The write mode that is exactly this value; False is "off". Raises BadSettings.

    Nothing is guessed: a misspelt "off" must not become a mode in which writes are made.
    """
    if value is False:
        return "off"
    found = next((mode for mode in WRITE_MODES if isinstance(value, str) and value == mode), None)
    if found is None:
        raise BadSettings(f"{name}: {str(value)[:40]!r} is none of {', '.join(WRITE_MODES)}")
    return found
