"""What the doctor finds: one line each, with what to do about it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from mcp_ads.errors import AdsError
from mcp_ads.platforms import SHORT, Platform
from mcp_ads.situation import NAME, login_command, program

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

Level = Literal["ok", "note", "broken"]
DAY = 86_400
LATEST = 32_503_680_000
"""The year 3000; what is later is in other units."""
now = time.time


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what it is, what was found, and what to do about it."""

    level: Level
    what: str
    text: str
    fix: str = ""


def whom(session: Session) -> str:
    """What a finding is about: the platform, with the connection's name where it is a further one."""
    name, label = session.connector.name, session.platform.label
    return name if label == SHORT.get(name) else f"{name} ({label})"


def login(session: Session) -> str:
    """The line with which a person signs in again."""
    return f"sign in again: {command(session.platform)}"


def command(platform: Platform) -> str:
    """The command that signs in for a connection; how mcp-ads is started here, the terminal is told later."""
    return login_command(platform).replace(program(), NAME, 1)


def broken_by(what: str, error: AdsError) -> Finding:
    """An error as what is broken."""
    trace = f" (mcp-ads trace {error.trace})" if error.trace else ""
    return Finding("broken", what, f"{error.lines[0]}{trace}", error.fix)


def lasts(what: str, thing: str, ends: float, *, days: int, fix: str) -> Finding:
    """Until when something lasts; worth a note in the last `days`. `ends` is in Unix seconds."""
    left = (ends - now()) / DAY
    when = datetime.fromtimestamp(ends, UTC).date()
    if left <= 0:
        return Finding("broken", what, f"{thing} ended on {when}", fix)
    in_days = "in less than a day" if left < 1 else f"in {int(left)} day{'s' if int(left) > 1 else ''}"
    near = left < days
    return Finding("note" if near else "ok", what, f"{thing} ends on {when}, {in_days}", fix if near else "")


def moment(value: object) -> int:
    """A moment of a platform's answer in Unix seconds; 0 for none, or for what is no moment."""
    return int(value) if isinstance(value, int | float) and 0 < value < LATEST else 0


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names for a line: the first ones, and how many more there are."""
    shown = list(names)
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return f"{', '.join(shown[:most])}{more}"
