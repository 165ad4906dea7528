"""Days and moments as ISO texts: a week (2026-W45) is no day, whatever a parser makes of it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{8}", re.ASCII)
_MOMENT = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{8})[T ].*", re.ASCII)


def day_of(value: Any) -> date:
    """The day a text names. Raises ValueError for everything else."""
    text = str(value).strip()
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no day; write it as 2026-11-01")
    return date.fromisoformat(text)


def moment_of(value: Any) -> datetime:
    """The date and time a text names. Raises ValueError for everything else."""
    text = str(value).strip()
    if not (_DAY.fullmatch(text) or _MOMENT.fullmatch(text)):
        raise ValueError(f"{text[:40]!r} is no date and time")
    return datetime.fromisoformat(text)
