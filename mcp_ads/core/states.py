"""What a platform calls being switched on, held up from above, and put away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OFF = "pause"
"""What switching an object off is called, for as long as somebody wants."""
PUT_AWAY = ("archive", "delete", "cancel")
"""What putting an object away is called; also names of actions that do it."""


@dataclass(frozen=True)
class States:
    """One platform's words for the state of an object, and where its records have them.

    `fields` are the record's switches, `on` their values while it delivers, `switches` says which action
    sets a value, `endings` which of PUT_AWAY a value (in upper case) is, `finished` are values the platform
    itself sets when a run is over, `instead` are those nothing sets again -> what an undo sets in their
    place. `serving` is the field that also says what is above the object, in values that end in one of `idle`
    while something there is off.
    """

    fields: tuple[str, ...] = ()
    on: frozenset[str] = frozenset()
    switches: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    finished: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    serving: str = ""
    idle: tuple[str, ...] = ()

    def is_on(self, record: Mapping[str, Any]) -> bool:
        """Whether the object itself is switched on."""
        return any(str(record.get(name)) in self.on for name in self.fields)

    def is_live(self, record: Mapping[str, Any]) -> bool:
        """Whether it is switched on and, where the platform says so, nothing above it is off."""
        above = str(record.get(self.serving) or "") if self.serving else ""
        return self.is_on(record) and not (self.idle and above.endswith(self.idle))

    def is_over(self, value: str) -> bool:
        """Whether a value says that the object was put away, or that its run is over."""
        return value.upper() in self.endings or value in self.finished

    def ending(self, action: str, changes: Mapping[str, Any]) -> str:
        """What a change does when it puts an object away, by its own action or by a state; else empty."""
        if action in PUT_AWAY:
            return action
        endings = (self.endings.get(str(changes.get(name)).upper(), "") for name in self.fields)
        return next((ending for ending in endings if ending), "")

    def only_pauses(self, changes: Mapping[str, Any]) -> bool:
        """Whether all that a change does is switch the object off."""
        words = {self.switches.get(str(value)) for value in changes.values()}
        return words == {OFF} and set(changes) <= set(self.fields)
