"""What recipes note between calls: small facts by a name, each for itself."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Recalled
from mcp_ads.files.places import Place
from mcp_ads.files.private_files import sealed, unsealed

KEPT = 3 * 86_400.0
MOST_BYTES, MOST_FILES = 20 * 2**20, 2_000
SLACK = 60.0
"""Seconds by which clocks may differ; what is from later than that is not believed."""


class Notes:
    """Contents of JSON. Where they cannot be kept, notes live as long as the process."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._unwritten: dict[str, Recalled] = {}

    def put(self, name: str, facts: Mapping[str, Any]) -> None:
        """Keep facts under a name, in the place of what was there."""
        content = json.dumps({"at": time.time(), "facts": dict(facts)}).encode()
        if self._place.replace(name, sealed(content)):
            self._unwritten.pop(name, None)
            self._place.tidy(seconds=KEPT, most_bytes=MOST_BYTES, most_files=MOST_FILES)
        else:
            self._unwritten[name] = Recalled(json.loads(content)["facts"], 0.0)

    def get(self, name: str) -> Recalled | None:
        """What is kept under a name; what is not as it was written counts as none."""
        if name in self._unwritten:
            return self._unwritten[name]
        try:
            found = json.loads(unsealed(self._place.read(name) or b""))
            age = time.time() - float(found["at"])
            facts = dict(found["facts"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        return Recalled(facts, max(age, 0.0)) if -SLACK < age < KEPT else None
