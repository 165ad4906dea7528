"""What locust runs: so many clients that post one body as fast as they are answered; run by `host_load`.

A process of its own, since gevent changes the one it is imported in. Prints the milliseconds of each request.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from pathlib import Path
from typing import Any

from locust import FastHttpUser, events, task

ASKED = json.loads(os.environ["LOAD_ASKED"])
SETTLED = 0.5
"""Seconds at the beginning that do not count: connections are made."""
_addresses = itertools.cycle(ASKED["urls"])
_began = time.monotonic()
_took: list[tuple[float, float, bool]] = []


@events.request.add_listener
def _note(response_time: float, exception: Any, **_: Any) -> None:
    _took.append((time.monotonic(), response_time, exception is None))


@events.quitting.add_listener
def _write(**_: Any) -> None:
    """Write what was measured once the clients were all there."""
    first = _took[0][0] + SETTLED if _took else _began
    counted = [(when, took, well) for when, took, well in _took if when >= first]
    seconds = counted[-1][0] - first if counted else 0.0
    found = {
        "seconds": seconds,
        "times": [took for _, took, _ in counted],
        "failed": sum(not well for *_, well in counted),
    }
    Path(ASKED["into"]).write_text(json.dumps(found), encoding="ascii")


class Caller(FastHttpUser):
    """One client, which asks the processes in turn."""

    host = ASKED["urls"][0]

    @task
    def call(self) -> None:
        """One request."""
        self.client.post(next(_addresses), json=ASKED["body"], headers=ASKED["headers"], name="call")
