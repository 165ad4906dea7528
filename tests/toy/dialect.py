"""How the make-believe Kiosk spells things: a 207 for every change, errors as words, money in millionths."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp_ads.core import Cursor, Reply, Request, Spend, States, Wire, Write
from mcp_ads.core.usage import Usage
from mcp_ads.errors import ApiError, NotFound, PlatformDown, RateLimited, Rejected

PAGES = Cursor("onward.ticket", "ticket", size="sheets", most=3)
STATES = States(
    fields=("glow",),
    on=frozenset({"lit"}),
    switches={"lit": "activate", "dark": "pause"},
    endings={"TORN": "delete"},
    serving="seen",
    idle=("-dark",),
)
KINDS: Mapping[str, type[ApiError]] = {"NO_SUCH": NotFound, "BUSY": RateLimited, "OFF_DUTY": PlatformDown}


@dataclass(frozen=True)
class Millionths(Spend):
    """Whole millionths of a coin."""

    def unit(self, currency: str) -> int:
        return 1_000_000


@dataclass(frozen=True)
class KioskDialect:
    """Parameters as they are; a change answers 207 with a list of one outcome."""

    def encode(self, request: Request) -> Wire:
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        body = None if request.body is None else json.dumps(request.body).encode()
        return Wire(request.method, f"{request.path}?{query}" if query else request.path, {}, body)

    def decode(self, reply: Reply) -> Any:
        answer = json.loads(reply.content)
        if reply.status >= 400:
            raise _error(answer["oops"], reply.status)
        if reply.status != 207:
            return answer
        [outcome] = answer["outcomes"]
        if not outcome["ok"]:
            raise _error(outcome["oops"], reply.status)
        return outcome

    def wait(self, reply: Reply) -> float:
        return 0.0

    def used(self, reply: Reply) -> list[Usage]:
        used = reply.headers.get("x-kiosk-used")
        return [Usage("kiosk", float(used))] if used else []

    def warnings(self, reply: Reply) -> list[str]:
        remark = reply.headers.get("x-kiosk-remark")
        return [remark] if remark else []


def _error(word: str, status: int) -> ApiError:
    kind = KINDS.get(word, Rejected)
    return kind("the kiosk refused this", status=status, code=word, own=True)


class KioskWrite(Write):
    """A change of one thing."""

    states = STATES

    def doubt(self, answer: Any) -> str:
        ref = answer.get("ref") if isinstance(answer, dict) else None
        if not self.subject:
            return "" if ref else "no new ref"
        return "" if ref == getattr(self, self.subject) else "another ref"
