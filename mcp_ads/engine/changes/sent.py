"""What became of one request of a write that takes several."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

PartState = Literal["sending", "done"]
PARTLY = "partly refused"
"""Under this a part keeps why some of its items were refused while the others were done."""


@dataclass
class Sent:
    """A part of a write of several requests that was sent: its number, from 1, and what its answer gave.

    `kept` are values by their paths in the answer. One that is still `sending` has no answer that is known.
    """

    part: int
    state: PartState = "sending"
    kept: dict[str, Any] = field(default_factory=dict)
