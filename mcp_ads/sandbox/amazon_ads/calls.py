"""One call as the operations see it, and what the table of operations is made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mcp_ads.sandbox.store import Store

Body = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A call that has passed the gateway: who asks, for which profile, with what."""

    store: Store
    region: str
    downloads_url: str
    request: Request
    profile: Body
    params: dict[str, str]
    body: Any

    @property
    def profile_id(self) -> str:
        return str(self.profile["profileId"])

    def accepts(self) -> str:
        """The first media type that the caller takes an answer in."""
        return self.request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip()

    @property
    def wants_objects(self) -> bool:
        return "return=representation" in self.request.headers.get("prefer", "")


@dataclass(frozen=True)
class Operation:
    """One row of the platform's table of operations; `path` may hold {names}.

    `takes` is the media type of the request body, `gives` the one of the answer, or several with blanks
    between them. `any_accept` marks the families that answer a client which accepts everything, `plain` those
    that read application/json too.
    """

    method: str
    path: str
    run: Callable[[Call], Response]
    takes: str = ""
    gives: str = ""
    scoped: bool = True
    any_accept: bool = False
    plain: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path))
