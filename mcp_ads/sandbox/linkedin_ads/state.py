"""The vocabulary of the platform's objects in the store.

Objects are kept as the JSON they are answered with; names beginning with `_` are the sandbox's own, never
shown.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.sandbox.store import Store

Body = dict[str, Any]

PLATFORM = "linkedin_ads"
ACCOUNT = "linkedin.account"
GROUP = "linkedin.group"
CAMPAIGN = "linkedin.campaign"
CREATIVE = "linkedin.creative"
USER = "linkedin.user"
IMAGE = "linkedin.image"
FORM = "linkedin.form"
MEMBER = "urn:li:person:sAndB0x_Tt"
URN = re.compile(r"urn:(?:li|lla):([A-Za-z]+):(\([^()]*\)|[^():,\s]+)")


@dataclass
class Call:
    """One call as a handler sees it: checked, decoded, its method known.

    `uploads` is the host of uploads, `fault` what goes wrong on demand while it is answered.
    """

    store: Store
    method: str
    path: str
    keys: dict[str, Any]
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    uploads: str = ""
    fault: Body | None = None

    @property
    def account(self) -> Body:
        found = self.store.get(ACCOUNT, self.keys["account"])
        assert found is not None
        return found


@dataclass(frozen=True)
class Answer:
    """What a handler answers; None as body means an empty one."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def urn(kind: str, id: object) -> str:
    return f"urn:li:{kind}:{id}"


def urn_kind(text: object) -> str | None:
    """The kind of a well-formed URN; kinds that are numbered must have a number."""
    match = URN.fullmatch(text) if isinstance(text, str) else None
    if not match:
        return None
    kind, key = match.groups()
    numbered = kind.startswith(("sponsored", "organization", "share", "ugcPost"))
    return None if numbered and not key.isdigit() else kind


def tail(text: str) -> str:
    """The id at the end of a URN."""
    return text.rsplit(":", 1)[-1]


def public(body: Body) -> Body:
    return {name: value for name, value in body.items() if not name.startswith("_")}


def now_ms() -> int:
    return int(time.time() * 1000)


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def day_ms(day: dt.date) -> int:
    """Midnight UTC of a day in epoch milliseconds."""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp() * 1000)


def audit(created: int, modified: int | None = None) -> Body:
    """The change stamps of accounts, groups and campaigns."""
    return {
        "created": {"time": created, "actor": MEMBER},
        "lastModified": {"time": modified or created, "actor": MEMBER},
    }


def owned(store: Store, kind: str, account: str) -> list[Body]:
    """The objects of one account."""
    mine = urn("sponsoredAccount", account)
    return store.owned(kind, "account", mine)
