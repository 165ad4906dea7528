"""Two lines for every change, before it is sent and after it: when, what, who, which outcome; no secrets."""

from __future__ import annotations

import getpass
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.changes.sums import peaks

from .lately import Lately, lately
from .sheet import Sheet


@dataclass(frozen=True)
class Who:
    """Who asked: the HTTP client's id or the OS user; and what the client calls itself, unchecked."""

    id: str
    client: str = ""
    local: bool = False
    """Whether they work in the files themselves, with a command or a script."""
    name: str = ""
    """What whoever runs the server calls the client that has this id."""

    def to_json(self) -> dict[str, str]:
        named = {"client": self.name, "client_unverified": self.client}
        return {"who": self.id, **{key: text for key, text in named.items() if text}}


def os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


class AuditLog:
    """What is changed, on a sheet of its own; where none can be written, nothing is changed.

    A step has a line with the outcome "sending", written before its request leaves, and one of the same `ref`
    with what came of it. An intent without an outcome is a change that may have been made.
    """

    def __init__(self, sheet: Sheet, redact: Callable[[str], str] = str) -> None:
        self._sheet, self._redact = sheet, redact

    @property
    def place(self) -> str:
        """Where the log is, for people to read."""
        return self._sheet.place

    def check(self) -> None:
        """Raise NoRecord when a line could not be written."""
        self._append()

    def note(self, step: Step, who: Who, plan_id: str = "", ref: str = "") -> None:
        """Write down one step that is about to be sent, or was done, refused or lost. Raises NoRecord."""
        self.note_all([(step, ref)], who, plan_id)

    def note_all(self, steps: Iterable[tuple[Step, str]], who: Who, plan_id: str = "") -> None:
        """Write down several steps at once, each with its `ref`. Raises NoRecord."""
        self._append(*(_entry(step, who, plan_id, ref) for step, ref in steps))

    def size(self) -> int:
        """A number that is the same while nobody has changed anything."""
        return self._sheet.size()

    def changed(self) -> dict[tuple[str, str], float]:
        """When, in the last 24 hours, something was last changed, or may have been, by connector and account,
        "" for what no account owns. What was refused counts too.
        """
        last = dict[tuple[str, str], float]()
        for line in self._sheet.recent():
            whose = (str(line.get("connector")), str(line.get("account") or ""))
            last[whose] = max(last.get(whose, 0.0), float(line["time"]))
        return last

    def lately(self) -> Lately:
        """What the log knows of the last 24 hours, in one reading."""
        return lately(self._sheet.recent())

    def gap(self) -> str:
        """Why what was changed in the last 24 hours may not all be in this log; empty when it is."""
        return self._sheet.gap()

    def _append(self, *lines: dict[str, Any]) -> None:
        self._sheet.append(lines, self._spelt)

    def _spelt(self, line: dict[str, Any]) -> str:
        return json.dumps(self._without_secrets(line), ensure_ascii=False, default=str)

    def _without_secrets(self, value: Any) -> Any:
        """Text by text: cut out of the finished line, a secret could take the end of its text along."""
        if isinstance(value, dict):
            return {name: self._without_secrets(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._without_secrets(item) for item in value]
        return self._redact(value) if isinstance(value, str) else value


def _entry(step: Step, who: Who, plan_id: str, ref: str) -> dict[str, Any]:
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "time": time.time(),
        **who.to_json(),
        "connector": step.connector,
        "connection": step.connection_name or None,
        "account": step.account["id"] if step.account else None,
        "what": f"{step.entity}.{step.action}",
        "id": step.object_id,
        "name": step.name,
        "does": step.does,
        "within": step.within or None,
        "sends": step.sends or None,
        "changes": step.lines,
        "ending": step.ending or None,
        "budgets": [[budget.field, budget.before, budget.after, budget.currency] for budget in step.budgets],
        "sets": [budget.field for budget in step.budgets if budget.given],
        "paces": [
            [budget.whose or step.object_id, budget.field, budget.paced, budget.pace]
            for budget in step.budgets
            if budget.pace
        ],
        "peaks": [[owner, budget.before, budget.after] for owner, budget in peaks(step)],
        "outcome": step.state,
        "error": step.error,
        "plan": plan_id or None,
        "ref": ref,
    }


def made_key(step: Step) -> tuple[str, ...]:
    """What tells that two creations mean the same, in the same place; of what is written out, that it is the
    same request.
    """
    account = str(step.account["id"] if step.account else None)
    return (step.connector, account, step.entity, step.sends or step.name, *step.within)
