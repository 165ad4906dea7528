"""What conversions and leads share: pages by offset, ids, whose a record is, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.linkedin_ads import schedule
from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.campaigns.reads import ListCampaigns
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import MOST_IDS, Urn, tail, urn
from mcp_ads.core import Context, Flow, Result
from mcp_ads.core.own_records import own_records
from mcp_ads.core.owner import Inside
from mcp_ads.errors import NotFound

CONVERSION = Urn("llaPartnerConversion", space="lla")
ConversionId = Annotated[
    str, CONVERSION, Field(examples=["104002"], description="A conversion rule: digits, or its URN.")
]
CampaignId = Annotated[str, Urn("sponsoredCampaign"), Field(examples=["300000001"])]
TIMES = ("created", "lastModified", "lastCallbackAt", "latestFirstPartyCallbackAt", "associatedAt")


def of_account(account_id: str) -> str:
    """The URN of an ad account."""
    return urn("sponsoredAccount", account_id)


def plain_times(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with dates for its epochs; in older records these stand inside objects."""
    given = {name: record[name] for name in TIMES if name in record}
    return dict(record) | {
        name: schedule.shown(at.get("time") if isinstance(at, dict) else at) for name, at in given.items()
    }


def in_campaigns(at: str, campaign_ids: Iterable[str]) -> Iterable[Inside]:
    """Each campaign as one that an account which may be used has to have, but for those yet to be made."""
    ids = [id_ for id_ in campaign_ids if not id_.startswith("@")]
    only = {"campaign_id": ids} if len(ids) <= MOST_IDS else {}
    for id_ in ids:
        yield Inside(at, id_, lambda account: ListCampaigns.model_validate({"account_id": account, **only}))


class OfAccount(LinkedinRead):
    """Reads one record of a collection that is no account's: one of another account is not shown."""

    account_id: AccountId

    def is_own(self, record: Mapping[str, Any]) -> bool:
        """Whether the record is of the account that the call names."""
        return tail(record.get("account")) == self.account_id

    def flow(self, context: Context) -> Flow:
        answer = yield self.to_request()
        own_records([answer], self.subject, getattr(self, self.subject), tail)
        if not self.is_own(answer):
            whose = f"ad account {self.account_id}"
            raise NotFound(f"{self.subject}: {getattr(self, self.subject)} is not of {whose}")
        return Result(self.shown(answer, context.account), columns=self.columns())

    def to_query(self) -> Mapping[str, Any]:
        return {}
