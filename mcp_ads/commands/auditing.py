"""`audit verify`: whether the log of changes hangs together."""

from __future__ import annotations

from pathlib import Path

from mcp_ads.engine.records import chain
from mcp_ads.settings import load

from .streams import FAILED, complain, note, say

MOST_SAID = 20


def verify() -> int:
    """Print whether the audit log is whole, or where it is not. What it shows is in docs/safety.md."""
    path = load(folder=Path.cwd()).audit_path
    try:
        found = chain.verify(path)
    except FileNotFoundError:
        note(f"no changes yet: there is no {path}")
        return 0
    except OSError as error:
        complain(f"{path} cannot be read: {error.strerror}")
        return FAILED
    if found.early:
        note(f"lines 1 to {found.early} are from before lines were chained: nothing is known of them")
    for line in found.broken[:MOST_SAID]:
        say(f"BROKEN: {line}")
    if len(found.broken) > MOST_SAID:
        say(f"BROKEN: in {len(found.broken) - MOST_SAID} more places")
    say(f"{path}: {found.lines} lines, {'NOT whole' if found.broken else 'whole'}")
    if found.last:
        say(f"last line: {found.last}")
    return FAILED if found.broken else 0
