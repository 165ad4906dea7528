"""Account users: the people who may work in an ad account, each with a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.linkedin_ads import restli
from mcp_ads.connectors.linkedin_ads.bases import Associate, Keyed, LinkedinRead, LinkedinWrite
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, OFFSET, PATCH
from mcp_ads.connectors.linkedin_ads.patching import Patched
from mcp_ads.connectors.linkedin_ads.urns import KeyPart, urn
from mcp_ads.core import DELETE, GET, NONE, PUT, Action, Context, Delete, Entity
from mcp_ads.core.marks import Found

from .record_names import OTHER_WORDS, STAMPS

BILLING = "ACCOUNT_BILLING_ADMIN"
SEEING_ALL = (BILLING, "ACCOUNT_MANAGER")
Role = Annotated[
    Literal["ACCOUNT_BILLING_ADMIN", "ACCOUNT_MANAGER", "CAMPAIGN_MANAGER", "CREATIVE_MANAGER", "VIEWER"],
    Field(description="From most to least; a VIEWER changes nothing."),
]
Account = Annotated[
    str,
    KeyPart("sponsoredAccount", name="account"),
    Field(exclude=True, examples=["512345678"], description="Ad account id, or its URN."),
]
Person = Annotated[
    str,
    KeyPart("person", whole=True, digits=False, name="user"),
    Field(
        examples=["urn:li:person:mIra_K"],
        description="A person's URN as your app knows it: no e-mail or profile address leads to it.",
    ),
]
KEY = "/adAccountUsers/(account:urn%3Ali%3AsponsoredAccount%3A{account_id},user:{user})"
LEAN = ("account_id", "user", "role", "changeAuditStamps.created.time")
USER = ("account", "account_id", "user", "role", *STAMPS, "version.versionTag")
ONLY_ONESELF = "everyone else: LinkedIn shows them to account managers and billing admins only"


def _one(value: Any) -> Any:
    """Airbyte's `accounts` may be a list, of which only the first would count."""
    is_list = isinstance(value, str) and value.startswith(restli.LIST)
    several = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    found = restli.parse(value) if is_list else several
    if len(found) > 1:
        raise ValueError("LinkedIn lists the users of one account at a time: a call for each")
    return found[0] if found else value


class UserRead(LinkedinRead):
    """Whom an account is open to is nobody's business: the answer is written down nowhere."""

    private = True
    lean: ClassVar[tuple[str, ...]] = LEAN
    known, alike = USER, OTHER_WORDS


class ListAccountUsers(UserRead):
    """List the people who may work in one ad account, with their roles."""

    said = "who has access, permissions, team members, roles of the account, users"

    q: Literal["accounts"] = "accounts"
    account_id: Annotated[Account, BeforeValidator(_one)]

    http, pages, records = FINDER("/adAccountUsers"), OFFSET, "elements"
    aliases: ClassVar[Mapping[str, str]] = {"accounts": "account_id", "account": "account_id"}

    def to_query(self) -> Mapping[str, Any]:
        return {"q": self.q, "accounts": [urn("sponsoredAccount", self.account_id)]}

    def told(self, records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        alone = len(records) == 1 and records[0].get("role") not in SEEING_ALL
        return {"hidden": ONLY_ONESELF} if alone else {}


class ListMyRoles(UserRead):
    """List the accounts in which the member has a role, and which: what the credentials may do where."""

    said = "my role, my permissions, what may I do, which accounts can I edit"

    http, whose = FINDER("/adAccountUsers"), NONE
    pages, records = OFFSET, "elements"

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "authenticatedUser"}

    def strays(self) -> Iterable[str]:
        yield "account_users.mine names all accounts of the member; list shows who is in an allowed one"


class GetAccountUser(Keyed, UserRead):
    """Read the role one person has in one ad account."""

    account_id: Account
    user: Person

    http, subject = GET(KEY), "user"


class UserWrite(Keyed, LinkedinWrite):
    """A change of who may do what: its plan reads who is there, and who the token acts for."""

    account_id: Account
    user: Person

    subject, name_at, watch = "user", "", ("role",)

    def clash(self, other: Self) -> str:
        same = (other.account_id, other.user) == (self.account_id, self.user)
        return f"{self.user} is named twice" if same else ""

    def asides(self, account: str) -> Mapping[str, Action]:
        return {"people": ListAccountUsers(account_id=account or self.account_id), "own": ListMyRoles()}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        new, others = self.sets().get("role"), self._others(live)
        if new == BILLING:
            there = f": {', '.join(others)} is one already" if others else ""
            yield f"a billing admin pays and decides who else may, and an account should have one{there}"
        elif live.get("role") == BILLING and not others:
            yield "this is the only billing admin that LinkedIn shows: the account would have none"
        if any(row.get("user") == self.user for row in live.get("own") or ()):
            yield "this is the member these credentials act for: what it may do no more, no undo here can do"

    def _others(self, live: Mapping[str, Any]) -> list[str]:
        return [
            str(row.get("user"))
            for row in live.get("people") or ()
            if row.get("role") == BILLING and row.get("user") != self.user
        ]


class CreateAccountUser(Associate, UserWrite):
    """Let a person work in an ad account, with a role. The person need not agree, and is told by LinkedIn."""

    role: Role = "VIEWER"

    http, subject, new_id_at, name_at = PUT(KEY), "", "user", "user"
    sample = {"user": "urn:li:person:nEw_One"}
    said = "invite a colleague, add a person, give access, add a user, share the account"

    def to_body(self) -> Mapping[str, Any]:
        return self.sets()

    def sets(self) -> dict[str, Any]:
        return {"account": urn("sponsoredAccount", self.account_id), "user": self.user, "role": self.role}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        """LinkedIn would take it for a change of the role."""
        if (people := live.get("people")) is None:
            return "who has a role there already cannot be read, and LinkedIn would change the role of those"
        role = next((row.get("role") for row in people if row.get("user") == self.user), "")
        return f"{self.user} has a role there already, {role}: update changes it" if role else ""

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id}


class UpdateAccountUser(UserWrite, Patched):
    """Change the role a person has in an ad account."""

    role: Role | None = None

    http, sample = PATCH(KEY), {"role": "CAMPAIGN_MANAGER"}


class DeleteAccountUser(UserWrite, Delete):
    """Take a person's role in an ad account away; ads and campaigns of theirs stay."""

    was: Annotated[str | None, Found(), Field(exclude=True)] = None

    http, does, undone_by = DELETE(KEY), "acts", "create"

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        return call.model_copy(update={"was": (live or {}).get("role")})

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        return f"takes the role {self.was or 'of this person'} away from {self.user}"


account_users = Entity(
    noun="user",
    list=ListAccountUsers,
    mine=ListMyRoles,
    get=GetAccountUser,
    create=CreateAccountUser,
    update=UpdateAccountUser,
    delete=DeleteAccountUser,
)
