"""One step of a plan: a validated write with what it changes, what it costs and what was there before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any, Literal

from ..core import Account
from ..core.money import plain

State = Literal["ready", "sending", "done", "failed", "unknown"]
REF = re.compile(r"@(\d+)\.id")


@dataclass(frozen=True)
class Budget:
    """What a step does to one budget, in major units; None before is a new one, None after is none any more.

    `live` says that the object spends it at once: it is active, or the step activates it.
    """

    field: str
    per: str
    currency: str
    before: str | None = None
    after: str | None = None
    live: bool = False

    @property
    def rise(self) -> Decimal:
        """How much more may be spent after the step than before."""
        return Decimal(self.after or 0) - Decimal(self.before or 0)

    def text(self) -> str:
        before = f"{_amount(self.before)} → " if self.before or not self.after else ""
        return f"{before}{_amount(self.after)} {self.currency}{' a day' if self.per == 'day' else ''}"


@dataclass
class Step:
    """A write of one object, ready to be sent; JSON through and through, never with credentials.

    `asked` are the parameters as the agent gave them, `params` the validated ones with money settled, `before` the
    watched fields as the platform had them, `request` what will be sent, without headers.
    """

    connector: str
    connection: str
    entity: str
    action: str
    noun: str
    asked: dict[str, Any]
    params: dict[str, Any]
    account: dict[str, Any] | None
    subject: str
    name: str
    before: dict[str, Any]
    changes: dict[str, Any]
    request: dict[str, Any]
    budgets: list[Budget] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    delivers: bool = False
    irreversible: str = ""
    obstacle: str = ""
    state: State = "ready"
    id: str = ""
    error: dict[str, Any] | None = None
    audit: str = ""

    @property
    def owner(self) -> Account | None:
        return Account(**self.account) if self.account else None

    @property
    def target(self) -> str:
        """The object, named so that a person knows it."""
        which = self.id or self.subject
        quoted = f' "{self.name}"' if self.name else ""
        return f"{which}{quoted}".strip()

    @property
    def raises(self) -> bool:
        return self.delivers or any(each.rise > 0 for each in self.budgets)

    @property
    def refs(self) -> list[int]:
        """The steps whose new ids this one needs."""
        return refs_in(self.params)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Step:
        names = {each.name for each in fields(cls)}
        known = {name: value for name, value in kept.items() if name in names}
        return cls(**{**known, "budgets": [Budget(**each) for each in kept["budgets"]]})


def refs_in(value: Any) -> list[int]:
    """The numbers N of every text "@N.id" in a value."""
    if isinstance(value, dict):
        return [found for each in value.values() for found in refs_in(each)]
    if isinstance(value, list):
        return [found for each in value for found in refs_in(each)]
    whole = REF.fullmatch(value) if isinstance(value, str) else None
    return [int(whole[1])] if whole else []


def fill_refs(value: Any, ids: Mapping[int, str]) -> Any:
    """The value with every "@N.id" replaced by the id step N made."""
    if isinstance(value, dict):
        return {key: fill_refs(each, ids) for key, each in value.items()}
    if isinstance(value, list):
        return [fill_refs(each, ids) for each in value]
    if isinstance(value, str):
        whole = REF.fullmatch(value)
        return ids.get(int(whole[1]), value) if whole else value
    return value


def money(amount: Decimal, currency: str) -> str:
    return plain(amount, currency)


def _amount(text: str | None) -> str:
    return text if text is not None else "none"
