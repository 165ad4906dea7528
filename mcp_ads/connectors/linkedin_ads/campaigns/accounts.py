"""Ad accounts the member may see."""

from typing import Annotated, Literal

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead, Search
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, WholePages
from mcp_ads.connectors.linkedin_ads.types import AccountId, Names
from mcp_ads.core import GET, NONE, Entity

from .record_names import ACCOUNT, OTHER_WORDS

LEAN = ("id", "name", "status", "type", "currency", "serving", "test", "reference")
MORE = (*LEAN, "changeAuditStamps.created.time")
PAGES = WholePages("metadata.nextPageToken", "pageToken", size="pageSize", most=1000)


class ListAccounts(Search):
    """List the ad accounts the member may see; `reference` is the Page (organization), an author of ads.

    Test accounts never spend.
    """

    status: list[Literal["ACTIVE", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED"]] | None = None
    type: list[Literal["BUSINESS", "ENTERPRISE"]] | None = None
    name: Names = None
    test: Annotated[bool | None, Field(description="Only test accounts, or only real ones.")] = None

    http, whose = FINDER("/adAccounts"), NONE
    pages, records, lean = PAGES, "elements", LEAN
    known, alike = ACCOUNT, OTHER_WORDS


class GetAccount(LinkedinRead):
    """Read one ad account: status, currency, what holds it back, whose it is."""

    account_id: AccountId

    http = GET("/adAccounts/{account_id}")
    subject, lean, aliases = "account_id", MORE, {"id": "account_id", "account": "account_id"}
    known, alike = ACCOUNT, OTHER_WORDS


accounts = Entity(list=ListAccounts, get=GetAccount)
