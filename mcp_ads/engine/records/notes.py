"""What recipes note between calls: small facts by a name, each in a file of its own."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp_ads.core import Recalled
from mcp_ads.files.private_files import forget_old, opened, replaced, sealed, unsealed

KEPT = 3 * 86_400.0
MOST_BYTES, MOST_FILES = 20 * 2**20, 2_000
SLACK = 60.0
"""Seconds by which clocks may differ; what is from later than that is not believed."""


class Notes:
    """Private files of JSON. Where they cannot be written, notes live as long as the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unwritten: dict[str, Recalled] = {}

    def put(self, name: str, facts: Mapping[str, Any]) -> None:
        """Keep facts under a name, in the place of what was there."""
        content = json.dumps({"at": time.time(), "facts": dict(facts)}).encode()
        if replaced(self._folder / f"{name}.json", sealed(content)):
            self._unwritten.pop(name, None)
            with contextlib.suppress(OSError):
                forget_old(self._folder, seconds=KEPT, most_bytes=MOST_BYTES, most_files=MOST_FILES)
        else:
            self._unwritten[name] = Recalled(json.loads(content)["facts"], 0.0)

    def get(self, name: str) -> Recalled | None:
        """What is kept under a name; a file that is not as it was written counts as none."""
        if name in self._unwritten:
            return self._unwritten[name]
        try:
            with opened(self._folder / f"{name}.json") as file:
                found = json.loads(unsealed(file.read()))
            age = time.time() - float(found["at"])
            facts = dict(found["facts"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        return Recalled(facts, max(age, 0.0)) if -SLACK < age < KEPT else None
