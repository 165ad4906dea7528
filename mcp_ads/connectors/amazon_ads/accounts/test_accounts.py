"""Test accounts: made by Amazon for trying things out; profiles like others that show no ads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.record_names import TEST_ACCOUNT
from mcp_ads.connectors.amazon_ads.states import DELIVERS_NOTHING
from mcp_ads.connectors.amazon_ads.types import Camel, upper
from mcp_ads.core import GET, NONE, POST, Context, Entity, Flow, Request, Result, Write
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.errors import InvalidParams, NotFound

HOST = "NA"
"""The one host that makes test accounts, whichever their country."""
FOR_AUTHORS = ("US", "UK", "IT", "ES", "FR", "DE")
FOR_GOOD = "Amazon takes no test account back"
ANSWERED = "request_id is what test_accounts.create answered, of the same sign-in"
TOLD = (
    "the person who signed in may manage no real account",
    "the sign-in needs the scope advertising::test:create_account",
    "Amazon makes one of each type and country: a profile like others that shows no ads and has no figures",
)


def _country(value: Any) -> Any:
    return "UK" if (country := upper(value)) == "GB" else country


class AtTheOneHost(Camel):
    """Goes to the North American host, and is of no profile."""

    whose = NONE

    def to_request(self) -> Request:
        return replace(super().to_request(), region=HOST)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        if HOST not in context.regions and "" not in context.regions:
            raise InvalidParams(
                f"test accounts are made by the host of region {HOST}, which is not configured"
            )
        return super().settled(context, live)


class CreateTestAccount(AtTheOneHost, Write):
    """Have Amazon make a test account. It answers with a request_id; `get` says when the account is there."""

    country_code: Annotated[
        Literal["AE", "AU", "BE", "BR", "CA", "DE", "EG", "ES", "FR", "IT", "JP", "MX", "NL", "PL", "SA",
                "SE", "SG", "TR", "UK", "US"],
        BeforeValidator(_country),
        Field(examples=["US"]),
    ]  # fmt: skip
    account_type: Annotated[Literal["VENDOR", "AUTHOR"], BeforeValidator(upper), Field(examples=["VENDOR"])]
    vendor_code: Annotated[
        str | None, Field(exclude=True, min_length=1, description="Only of a VENDOR: its code.")
    ] = None

    http, does, new_id_at = POST("/testAccounts"), "makes", "requestId"
    irreversible: ClassVar[str] = FOR_GOOD
    states = DELIVERS_NOTHING
    told_later: ClassVar[str] = "ask test_accounts.get with request_id {id}: making one takes Amazon a while"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.account_type == "AUTHOR" and self.country_code not in FOR_AUTHORS:
            raise ValueError(f"country_code: authors have test accounts in {', '.join(FOR_AUTHORS)}")
        if self.account_type == "AUTHOR" and self.vendor_code:
            raise ValueError("vendor_code: only with account_type VENDOR")
        return self

    def to_body(self) -> Mapping[str, Any]:
        about = {"accountMetaData": {"vendorCode": self.vendor_code}} if self.vendor_code else {}
        return self.sent() | about

    def doubt(self, answer: Any) -> str:
        """It is answered with the id of a request, to be asked about."""
        found = answer.get("requestId") if isinstance(answer, dict) else None
        return "" if isinstance(found, str) and found else "it does not say which request this is"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from TOLD


class GetTestAccount(AtTheOneHost, KnownRead):
    """Read what became of a request for a test account: IN_PROGRESS, COMPLETED with its id, or FAILED."""

    request_id: Annotated[str, Field(min_length=1, max_length=200, examples=["3f1c2d7e-5b1a-4c55-9a0e-1"])]

    http, lean, known = GET("/testAccounts"), TEST_ACCOUNT, TEST_ACCOUNT

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        found = yield self.to_request()
        if not found:
            raise NotFound("Amazon knows of no such request for a test account", fix=ANSWERED)
        return Result(found)

    def strays(self) -> Iterable[str]:
        yield "request_id: a test account is none of the allowed profiles"


test_accounts = Entity(
    create=CreateTestAccount,
    get=GetTestAccount,
)
