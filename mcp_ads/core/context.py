"""What a call is carried out in: the account it is for, and today there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .names import Names


@dataclass(frozen=True)
class Account:
    """One advertising account. `timezone` is an IANA name, `region` the host it is on.

    `country` tells several accounts of one name apart, where the platform has one account a country; it and
    `kind` are the platform's words, where these decide what it takes: UK, vendor.
    """

    id: str
    name: str = ""
    currency: str = ""
    timezone: str = "UTC"
    region: str = ""
    country: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Context:
    """The account (None where the call has none), the date there, and the regions that are configured.

    `names` are those the connection remembers.
    """

    today: date
    account: Account | None = None
    regions: tuple[str, ...] = ("",)
    names: Names = field(default_factory=Names, compare=False, repr=False)

    @property
    def currency(self) -> str:
        return self.account.currency if self.account else ""

    @property
    def region(self) -> str:
        return self.account.region if self.account else ""
