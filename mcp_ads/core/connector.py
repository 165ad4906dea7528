"""A connector: one ad platform as a value; its entities load when they are first used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from mcp_ads.errors import PlatformDown

from .action import Action
from .bundles import ABSURD, Bundle, lone
from .context import Account
from .offer import Offer
from .owner import Ownership
from .pauses import Throttle
from .request import Reply, Request, Wire, to_address
from .signature import Signature
from .usage import Usage

if TYPE_CHECKING:
    from .carried import Carrier
    from .facts import Facts  # loaded with the first question over all platforms
    from .figures import Figures
    from .reach import Reaches
    from .search_terms import SearchTerms


class Dialect(Protocol):
    """How one platform spells requests, answers and rate limits."""

    def encode(self, request: Request) -> Wire:
        """The request as it goes over the wire, without credentials; one with parts as its bundle."""

    def decode(self, reply: Reply) -> Any:
        """The answer in plain values; raises ApiError, `own` where it is a refusal the platform documents.

        To a request with parts, a list as long as these: what each alone would be answered, or its ApiError.
        """

    def wait(self, reply: Reply) -> float:
        """Seconds the platform asks us to pause; 0 when it does not."""

    def used(self, reply: Reply) -> list[Usage]:
        """How much of the platform's limits is used; none where it does not say."""

    def warnings(self, reply: Reply) -> list[str]:
        """What the answer's headers say beside the answer."""


def spelt(dialect: Dialect, request: Request) -> Wire:
    """The request as it goes over the wire; to an address from an answer, without the platform's spelling."""
    return to_address(request) if request.absolute else dialect.encode(request)


@dataclass(frozen=True)
class AccountSource:
    """How a connector finds its accounts: the entity they are, and one of its records as an Account.

    `param` names an account in calls; `fields` are asked for where the lean columns are not enough. `ids` are
    where a row may have its id, the likeliest first, and `status` is where it says whether the account may
    deliver ("" where the platform has no such word).
    """

    entity: str
    read: Callable[[dict[str, Any]], Account]
    param: str = "account_id"
    fields: tuple[str, ...] = ()
    ids: tuple[str, ...] = ("id",)
    status: str = ""

    def account(self, record: dict[str, Any]) -> Account:
        """A record as an account. Raises PlatformDown for one that lacks what every account has."""
        try:
            return self.read(record)
        except ABSURD:
            what = f"the platform names an account without its {self.ids[0]}, which makes no sense"
            raise PlatformDown(what, fix="call again; nothing was changed") from None


@dataclass(frozen=True)
class UnderWay:
    """What runs on an account and is spoilt by changes, such as tests: how it is found, and what to say.

    `read` is the list of it for an account's id, asked for when objects of `spoilt` entities are changed.
    `says` gives for each object in one of its records the line a plan has, given the time; `above` are where
    a record of what is changed names the objects above it.
    """

    what: str
    read: Callable[[str], Action]
    spoilt: tuple[str, ...]
    says: Callable[[Mapping[str, Any], datetime], Mapping[str, str]]
    above: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Connector(Offer):
    """One platform: what can be asked of it, hosts by region, and its spelling."""

    hosts: Mapping[str, str]
    dialect: Dialect
    accounts: AccountSource
    owner: Ownership | None = None
    """How to read which account owns an object, where the platform does not answer within an account."""
    signature: Signature | None = None
    """How requests are signed as something the user acts for, where some have to be."""
    place: str = "account"
    """What a plan's id calls an account."""
    plain_id: Callable[[str], str] = str
    """An id without what stands before it in some of the platform's spellings."""
    bundle: Callable[[Request], Bundle | None] = lone
    """Which others a request may travel with; the dialect spells them as one, and reads their answers."""
    throttle: Throttle = field(default_factory=Throttle)
    """How long it is left alone where it throttles without a time."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Patterns of the whole host names its files are fetched from, without credentials -> the source."""
    uploads: Mapping[str, str] = field(default_factory=dict)
    """Patterns of the whole host names, beside its own, to which a user's files may be written -> the source.

    What is written there has credentials only where the request says that it is signed.
    """
    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields that may be expanded although only some accounts are allowed, and what in them (none: any)."""
    under_way: UnderWay | None = None
    """What a plan is to say of what runs where it changes something."""
    repeats: Mapping[str, str] = field(default_factory=dict)
    """Parameters, in lower case, in which some clients repeat a credential -> the credential's name."""
    env: str = ""
    where: str = ""
    facts_at: str = ""
    """The module of its package that has what it tells where all platforms are asked; empty for none."""

    figures_at: str = ""
    """The module of its package that has `figures`; empty for none."""

    minor_at: str = ""
    """The module of its package that has `minor` as MONEY; empty for none."""

    reaches_at: str = ""
    """The module of its package that has `reaches`; empty for none."""

    search_terms_at: str = ""
    """The module of its package that has `search_terms`; empty for none."""

    taken_for_at: str = ""
    """The module of its package that has `taken_for`; empty for none."""

    airbyte_at: str = ""
    """The module of its package that has `carrier`; empty for none."""

    over_airbyte: bool = False
    """Whether Airbyte's API carries its requests."""

    @property
    def carrier(self) -> Carrier | None:
        """How its requests travel over Airbyte's API; None where none of them can."""
        if not self.airbyte_at:
            return None
        found: Carrier = importlib.import_module(f"{self.package}.{self.airbyte_at}").CARRIER
        return found

    @property
    def taken_for(self) -> tuple[Mapping[str, str], ...]:
        """Entities whose ids are taken for each other's, in groups -> what one of their objects is called.

        An id that one of them lacks is looked for among the others of its group.
        """
        if not self.taken_for_at:
            return ()
        found: tuple[Mapping[str, str], ...] = importlib.import_module(
            f"{self.package}.{self.taken_for_at}"
        ).TAKEN_FOR
        return found

    @property
    def facts(self) -> Facts | None:
        """What it tells where all platforms are asked, loaded when it is first used."""
        if not self.facts_at:
            return None
        found: Facts = importlib.import_module(f"{self.package}.{self.facts_at}").facts
        return found

    @property
    def figures(self) -> Mapping[str, Figures]:
        """For entities whose objects can be found by their figures, the report that has these."""
        if not self.figures_at:
            return {}
        found: Mapping[str, Figures] = importlib.import_module(f"{self.package}.{self.figures_at}").FIGURES
        return found

    @property
    def minor(self) -> Collection[str]:
        """Fields that requests and records have in smaller units (`money.offset`) than rows show."""
        if not self.minor_at:
            return ()
        found: Collection[str] = importlib.import_module(f"{self.package}.{self.minor_at}").MONEY
        return found

    @property
    def reaches(self) -> Reaches | None:
        """What its writes change of that which clients protect; None where nobody has said so."""
        if not self.reaches_at:
            return None
        found: Reaches = importlib.import_module(f"{self.package}.{self.reaches_at}").REACHES
        return found

    @property
    def search_terms(self) -> SearchTerms | None:
        """What it tells of search terms; None where it reports none."""
        if not self.search_terms_at:
            return None
        found: SearchTerms = importlib.import_module(f"{self.package}.{self.search_terms_at}").search_terms
        return found

    def together(self, request: Request) -> Bundle | None:
        """Which others a request may travel with; None for one with a file, people or another address."""
        own = request.private or request.shown or request.host or request.signed or request.absolute
        own = own or request.signed_as or request.secret
        return None if own or request.into_file or request.parts else self.bundle(request)
