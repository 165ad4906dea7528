"""By what analytics are grouped: what the rows are told apart by, and where the names of it are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp_ads.connectors.linkedin_ads.urns import tail


@dataclass(frozen=True)
class Pivot:
    """`columns` are an id, a name and what else a row begins with; `names_at` is where the names are read,
    empty where they are known without asking. `whole` keys are URNs there, others digits.
    """

    columns: tuple[str, ...]
    names_at: str = ""
    fields: tuple[str, ...] = ("name",)
    whole: bool = False
    without: tuple[str, ...] = ()
    """Metrics LinkedIn does not count by this pivot."""

    def key(self, urn: str) -> str:
        return urn if self.whole else tail(urn)

    def values(self, urn: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """The first columns of a row, from its URN and what was read of it."""
        more = (tail(record[name]) if record.get(name) else None for name in self.fields[1:])
        return dict(zip(self.columns, (tail(urn), record.get("name"), *more), strict=True))


PIVOTS: Mapping[str, Pivot] = {
    "ACCOUNT": Pivot(
        ("account_id", "account_name"), without=("approximateMemberReach", "audiencePenetration")
    ),
    "CAMPAIGN_GROUP": Pivot(
        ("campaign_group_id", "campaign_group_name"), "/adAccounts/{account_id}/adCampaignGroups"
    ),
    "CAMPAIGN": Pivot(("campaign_id", "campaign_name"), "/adAccounts/{account_id}/adCampaigns"),
    "CREATIVE": Pivot(
        ("creative_id", "creative_name", "campaign_id"),
        "/adAccounts/{account_id}/creatives",
        ("name", "campaign"),
        whole=True,
        without=("audiencePenetration",),
    ),
}
