"""What is remembered of a log outside it: one that is gone, or lost lines, is not taken for a new one."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from mcp_ads.files import journal, private_files

from .hashes import digest

DAY = 86_400
MOST_LINES = 100_000
"""Lines looked through for the one remembered; others that write to the same log may have added some."""


@dataclass(frozen=True)
class Mark:
    """The hash of the log's last line and its time; `lost` is the time of the last line that went missing."""

    last: str
    time: float
    lost: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether its line is of the last 24 hours."""
        return is_recent(self.time)


def is_recent(at: float) -> bool:
    """Whether a time is in the last 24 hours; one that is in the future, or none, counts as such."""
    return not time.time() - at > DAY


class Memory:
    """A small private file with the mark of a log."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Mark | None:
        """The mark; None where there never was one. One that cannot be read is of a line nobody knows."""
        try:
            mark = json.loads(journal.read(self.path))
            return Mark(str(mark["last"]), float(mark["time"]), float(mark["lost"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, LookupError, RecursionError, OverflowError):
            return Mark("", self._changed(), self._changed())

    def _changed(self) -> float:
        try:
            return self.path.lstat().st_mtime
        except OSError:
            return time.time()

    def lost(self, handle: int) -> float:
        """When the last line was written that somebody has removed from the log since; 0 if none was."""
        mark = self.read()
        if mark is None:
            return 0.0
        lines = islice(journal.reversed_lines(handle), MOST_LINES)
        return mark.lost if any(digest(line) == mark.last for line in lines if line) else mark.time

    def write(self, line: str, lost: float) -> None:
        """Remember the line that was just written; where that cannot be, the mark stays behind the log."""
        mark = Mark(digest(line.encode(errors="replace")), time.time(), lost)
        private_files.replaced(self.path, json.dumps(asdict(mark)).encode())
