"""The objects of the make-believe Graph: finding them, keeping them, what follows from parents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mcp_ads.sandbox.store import Store

from .params import stamp
from .tables import KINDS

Body = dict[str, Any]
Computed = Mapping[tuple[str, str], Callable[["State", Body], Any]]
"""A kind and its field -> what works it out."""
PARENT = {"adset": ("campaign", "campaign_id"), "ad": ("adset", "adset_id")}
CHILD = {"campaign": ("adset", "campaign_id"), "adset": ("ad", "adset_id")}
GONE = ("ARCHIVED", "DELETED")
NEW_IDS = 1_202_900_000_000_000_000
ME = {
    "id": "10158000000000001",
    "name": "Robin Tern",
    "first_name": "Robin",
    "last_name": "Tern",
    "email": "robin@ternandtide.example",
}
UNLIMITED = "922337203685478"


class State:
    """The platform's objects in the shared store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def get(self, kind: str, id: str) -> Body | None:
        return self.store.get(f"facebook.{kind}", id)

    def all(self, kind: str) -> list[Body]:
        return self.store.all(f"facebook.{kind}")

    def owned(self, kind: str, field: str, value: object) -> list[Body]:
        """The objects of a kind with this value in that field, such as an account's by `account_id`."""
        return self.store.owned(f"facebook.{kind}", field, value)

    def put(self, kind: str, body: Body) -> None:
        self.store.put(f"facebook.{kind}", body["id"], body)

    def drop(self, kind: str, body: Body) -> None:
        """Forget an object as if it had never been."""
        self.store.delete(f"facebook.{kind}", body["id"])

    def find(self, id: str) -> tuple[str, Body] | None:
        """Any object by its id, with its kind."""
        if id.startswith("act_"):
            account = self.get("account", id)
            return ("account", account) if account else None
        if id in ("me", ME["id"]):
            return "me", ME
        for kind in KINDS:
            if body := self.get(kind, id):
                return kind, body
        return None

    def account_of(self, body: Body) -> Body:
        account = self.get("account", f"act_{body['account_id']}")
        assert account is not None
        return account

    def new_id(self) -> str:
        return self.store.new_id("facebook.id", NEW_IDS)

    def children(self, kind: str, body: Body) -> list[Body]:
        """The ad sets of a campaign, the ads of an ad set."""
        child, key = CHILD[kind]
        return self.owned(child, key, body["id"])

    def parent(self, kind: str, body: Body) -> Body | None:
        if kind not in PARENT:
            return None
        parent, key = PARENT[kind]
        return self.get(parent, body[key])

    def effective_status(self, kind: str, body: Body) -> str:
        """An object's own status, its parents' and its review's, in Graph's order."""
        own: str = body.get("status", "ACTIVE")
        if own in GONE or kind == "creative":
            return own
        parent = self.parent(kind, body)
        above = self.effective_status(PARENT[kind][0], parent) if parent else "ACTIVE"
        if above in GONE or own == "PAUSED":
            return above if above in GONE else own
        if kind == "ad" and "_review" in body:
            return str(body["_review"])
        if above == "PAUSED":
            return "ADSET_PAUSED" if kind == "ad" else "CAMPAIGN_PAUSED"
        if above == "CAMPAIGN_PAUSED":
            return above
        return "WITH_ISSUES" if body.get("issues_info") else own


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def now_text() -> str:
    return stamp(now())


def today(account: Body) -> date:
    """The account's own calendar day."""
    return datetime.now(ZoneInfo(account["timezone_name"])).date()


def local_text(text: str, account: Body) -> str:
    """A moment with the account's offset, as ad objects carry it."""
    at = datetime.fromisoformat(text).astimezone(ZoneInfo(account["timezone_name"]))
    return stamp(at)
