"""Two lines for every change, before it is sent and after it: when, what, who, which outcome; no secrets."""

from __future__ import annotations

import contextlib
import getpass
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mcp_ads.engine.changes.steps import PEAK, State, Step
from mcp_ads.engine.changes.sums import peaks

from .sheet import Sheet

SENDING: State = "sending"
SET = ("done", "unknown", SENDING)
REMOVALS = ("archive", "delete")


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

    def lowest(self) -> dict[tuple[str, str], Decimal]:
        """By object and field, the lowest budget of the last 24 hours, as far as this log knows."""
        lows: dict[tuple[str, str], Decimal] = {}
        for line in self._set():
            for field, amount in _amounts(line):
                key = (str(line["id"]), field)
                lows[key] = min(lows.get(key, amount), amount)
            for key, amount in (*_paces(line), *_peaks(line)):
                lows[key] = min(lows.get(key, amount), amount)
        return lows

    def doubted(self) -> dict[tuple[str, str], str]:
        """By object and field, when one was sent last in 24 hours, if nobody knows its outcome."""
        last: dict[tuple[str, str], str] = {}
        for line in self._set():
            for field, _ in _amounts(line):
                last.setdefault(
                    (str(line["id"]), field), "" if line["outcome"] == "done" else str(line["at"])
                )
        return {key: at for key, at in last.items() if at}

    def gap(self) -> str:
        """Why what was changed in the last 24 hours may not all be in this log; empty when it is."""
        return self._sheet.gap()

    def made(self) -> dict[tuple[str, ...], tuple[str, str]]:
        """Id and time of what was created in the last 24 hours and not removed since, by `made_key`, and of
        requests somebody wrote out.

        The id is empty where nobody knows whether it was made.
        """
        made_by_key, gone = dict[tuple[str, ...], tuple[str, str]](), set[tuple[str, str]]()
        for line in self._set():
            connector, made = str(line.get("connector")), str(line["id"] or "")
            entity, _, action = str(line.get("what")).rpartition(".")
            account = str(line.get("account"))
            if sends := line.get("sends"):
                made_by_key.setdefault((connector, account, entity, str(sends)), (made, str(line.get("at"))))
            elif action in REMOVALS or line.get("ending"):
                gone.add((connector, made))
            elif (line.get("does") == "makes" or action == "create") and (connector, made) not in gone:
                within = line.get("within")
                places = map(str, within) if isinstance(within, list) else ()
                key = (connector, account, entity, str(line.get("name")), *places)
                made_by_key.setdefault(key, (made, str(line.get("at"))))
        return made_by_key

    def _set(self) -> Iterator[dict[str, Any]]:
        """What was changed in the last 24 hours, or may have been, last first: one line for each change."""
        answered = set[str]()
        for line in self._sheet.recent():
            ref = str(line.get("ref") or "")
            if line["outcome"] != SENDING:
                answered.add(ref)
            elif ref in answered:
                answered.discard(ref)
                continue
            if line["outcome"] in SET:
                yield line

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


def _amounts(line: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """The amounts a line has by field, as far as they can be read."""
    with contextlib.suppress(ValueError, TypeError, ArithmeticError):
        for field, before, after, _ in line["budgets"]:
            for text in (before, after):
                if text is not None and Decimal(text) > 0:
                    yield str(field), Decimal(text)


def _paces(line: dict[str, Any]) -> Iterator[tuple[tuple[str, str], Decimal]]:
    """What a line's amounts for a whole run came to a day, by object and field; older lines have none."""
    with contextlib.suppress(ValueError, TypeError, ArithmeticError):
        for object_id, field, before, after in line.get("paces") or ():
            for text in (before, after):
                if text is not None and Decimal(text) > 0:
                    yield (str(object_id), a_day(str(field))), Decimal(text)


def _peaks(line: dict[str, Any]) -> Iterator[tuple[tuple[str, str], Decimal]]:
    """What daily budgets came to at most, by object; older lines have none."""
    with contextlib.suppress(ValueError, TypeError, ArithmeticError):
        for owner, before, after in line.get("peaks") or ():
            for text in (before, after):
                if text is not None and Decimal(text) > 0:
                    yield (str(owner), PEAK), Decimal(text)


def a_day(field: str) -> str:
    """The field under which the log has what an amount for a whole run comes to a day."""
    return f"{field} a day"


def made_key(step: Step) -> tuple[str, ...]:
    """What tells that two creations mean the same, in the same place; of what is written out, that it is the
    same request.
    """
    account = str(step.account["id"] if step.account else None)
    return (step.connector, account, step.entity, step.sends or step.name, *step.within)
