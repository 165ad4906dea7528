"""By what analytics are grouped: the columns by which the rows are told apart, and what is not counted so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mcp_ads.connectors.linkedin_ads.urns import items, tail
from mcp_ads.core.synonyms import closest

MOST = 3
"""Pivots of one report; more than one are counted by LinkedIn's finder `statistics`."""
MEMBER = "MEMBER_"
REACH, PENETRATION = "approximateMemberReach", "audiencePenetration"
NOT_OF_MEMBERS = (
    "conversionValueInLocalCurrency", "cardImpressions", "cardClicks", "viralCardImpressions",
    "viralCardClicks", REACH,
)  # fmt: skip


@dataclass(frozen=True)
class Pivot:
    """`columns` are an id, a name where there are names, and what else its record tells (`more`).

    `whole` ids keep their URN. `without` are metrics that LinkedIn does not count by it.
    """

    columns: tuple[str, ...]
    more: tuple[str, ...] = ()
    whole: bool = False
    without: tuple[str, ...] = ()

    def values(self, value: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """The first columns of a row, from its pivot value and what was read of it."""
        more = (tail(record[name]) if record.get(name) else None for name in self.more)
        own = value if self.whole else tail(value)
        return dict(zip(self.columns, (own, record.get("name"), *more), strict=False))


def _of_members(*columns: str) -> Pivot:
    return Pivot(columns, without=NOT_OF_MEMBERS)


PIVOTS: Mapping[str, Pivot] = {
    "CAMPAIGN": Pivot(("campaign_id", "campaign_name")),
    "CAMPAIGN_GROUP": Pivot(("campaign_group_id", "campaign_group_name")),
    "ACCOUNT": Pivot(("account_id", "account_name"), without=(REACH, PENETRATION)),
    "CREATIVE": Pivot(("creative_id", "creative_name", "campaign_id"), ("campaign",), without=(PENETRATION,)),
    "COMPANY": Pivot(("organization_id", "organization_name")),
    "SHARE": Pivot(("post",), whole=True),
    "CONVERSION": Pivot(("conversion_id", "conversion_name")),
    "CONVERSATION_NODE": Pivot(("conversation_node",), whole=True),
    "CONVERSATION_NODE_OPTION_INDEX": Pivot(("option_index",)),
    "SERVING_LOCATION": Pivot(("serving_location",)),
    "CARD_INDEX": Pivot(("card_index",)),
    "PLACEMENT_NAME": Pivot(("placement",), whole=True),
    "IMPRESSION_DEVICE_TYPE": Pivot(("device_type",)),
    "EVENT_STAGE": Pivot(("event_stage",)),
    "MEMBER_COMPANY": _of_members("company_id", "company_name"),
    "MEMBER_COMPANY_SIZE": _of_members("company_size", "company_size_name"),
    "MEMBER_INDUSTRY": _of_members("industry_id", "industry_name"),
    "MEMBER_SENIORITY": _of_members("seniority_id", "seniority_name"),
    "MEMBER_JOB_TITLE": _of_members("job_title_id", "job_title_name"),
    "MEMBER_JOB_FUNCTION": _of_members("job_function_id", "job_function_name"),
    "MEMBER_COUNTRY_V2": _of_members("country_id", "country_name"),
    "MEMBER_REGION_V2": _of_members("region_id", "region_name"),
    "MEMBER_COUNTY": _of_members("county_id", "county_name"),
    "MEMBER_DESIGNATED_MARKET_AREA": _of_members("market_area_id", "market_area_name"),
}
OBJECTS = ("CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE", "ACCOUNT")
COLUMNS = frozenset(column for pivot in PIVOTS.values() for column in pivot.columns)
IN_CAMEL_CASE = frozenset(column.replace("_", "") for column in COLUMNS)
"""The same as LinkedIn would spell them, in lower case: a metric has none of these names."""


def uncounted(metrics: Iterable[str], pivots: Iterable[str]) -> str:
    """That LinkedIn does not count these by some pivots, and by which of the account's objects it does."""
    able = [name for name in OBJECTS if not {*metrics} & {*PIVOTS[name].without}]
    return f"LinkedIn does not count it by {', '.join(pivots)}; it does by {', '.join(able)}"


def understood(value: Any) -> list[str]:
    """The pivots somebody means: in any case, without MEMBER_ and _V2, as a list or a text of several.

    LinkedIn's record of one, (value:CAMPAIGN), is one too. Raises ValueError for others, and for several of
    which one counts members.
    """
    value = value["value"] if isinstance(value, dict) and value.keys() == {"value"} else value
    if not isinstance(value, str | list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"write one to {MOST} of {', '.join(PIVOTS)}")
    found = list(dict.fromkeys(_known(name) for name in items(value)))
    if not 1 <= len(found) <= MOST:
        raise ValueError(f"one to {MOST} pivots, not {len(found)}")
    members = [name for name in found if name.startswith(MEMBER)]
    if members and len(found) > 1:
        raise ValueError(f"{members[0]} stands alone: LinkedIn counts who saw the ads by nothing else beside")
    return found


def _known(name: str) -> str:
    plain = name.removeprefix("(value:").removesuffix(")").strip().upper().replace(" ", "_").replace("-", "_")
    for known in _spellings(plain):
        if known in PIVOTS:
            return known
    near = closest(plain, list(PIVOTS))
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    raise ValueError(f"{name[:60]!r} is none of {', '.join(PIVOTS)}{meant}")


def _spellings(plain: str) -> Iterator[str]:
    for name in (plain, plain.removesuffix("S"), ALSO.get(plain, "")):
        yield from (name, f"{name}_V2", f"{MEMBER}{name}", f"{MEMBER}{name}_V2")


ALSO = {
    "DEVICE": "IMPRESSION_DEVICE_TYPE", "DEVICE_TYPE": "IMPRESSION_DEVICE_TYPE",
    "PLACEMENT": "PLACEMENT_NAME", "TITLE": "JOB_TITLE", "FUNCTION": "JOB_FUNCTION",
    "DMA": "DESIGNATED_MARKET_AREA", "POST": "SHARE", "AD": "CREATIVE", "AD_SET": "CAMPAIGN", "GEO": "REGION",
}  # fmt: skip
"""What people say, as LinkedIn has it."""
