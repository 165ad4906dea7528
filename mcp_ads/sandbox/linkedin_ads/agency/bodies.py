"""Campaign groups, campaigns and creatives of the world as LinkedIn answers with them."""

from __future__ import annotations

from mcp_ads.sandbox.agency import campaigns as world
from mcp_ads.sandbox.agency.campaigns import Ad, Campaign
from mcp_ads.sandbox.agency.clients import Account
from mcp_ads.sandbox.agency.figures import KEPT_DAYS
from mcp_ads.sandbox.agency.ids import Place
from mcp_ads.sandbox.agency.series import name_of
from mcp_ads.sandbox.linkedin_ads import names
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, CREATIVE, GROUP, MEMBER, Body, audit, urn

from .spelling import at, form_of, id_of, money, owner_of, page_of

STATUS = {
    world.LIVE: "ACTIVE",
    world.PLANNED: "ACTIVE",
    world.ENDED: "COMPLETED",
    world.STOPPED: "PAUSED",
    world.ARCHIVED: "ARCHIVED",
    world.REJECTED: "ACTIVE",
}
APPROVED: Body = {"status": "APPROVED"}
REJECTED: Body = {"status": "REJECTED", "rejectionReasons": ["IMAGE_QUALITY"]}
GEOS = {"US": 103644278, "CA": 101174742, "DE": 101282230, "FR": 105015875, "UK": 101165590}
GEOS |= {"SE": 105117694, "JP": 101355337}
LEADS = 3
"""The kind of campaign that is for leads; those for visits are the first two."""


def group(account: Account, series: int, began: int) -> Body:
    """One of the dozen things that campaigns are in; its number in ids begins at 1."""
    return {
        "id": int(id_of(GROUP, Place(account.number, series + 1))),
        "account": owner_of(account),
        "name": name_of(account, series),
        "status": "ACTIVE",
        "backfilled": False,
        "test": False,
        "allowedCampaignTypes": ["TEXT_AD", "SPONSORED_UPDATES", "SPONSORED_INMAILS", "DYNAMIC"],
        "runSchedule": {"start": at(began - account.created)},
        "changeAuditStamps": audit(at(began - account.created, 9)),
        "version": {"versionTag": "1"},
        "_n": series + 1,
    }


def campaign(one: Campaign, began: int) -> Body:
    account = one.account
    kind = names.KINDS[LEADS if one.goal == "leads" else one.number % 2]
    created = min(one.start, began) - 1
    changed = max(one.end + 1 if one.end else 0, one.cut, created)
    return {
        "id": int(id_of(CAMPAIGN, Place(account.number, one.number))),
        "account": owner_of(account),
        "campaignGroup": urn("sponsoredCampaignGroup", id_of(GROUP, Place(account.number, one.series + 1))),
        "name": one.name,
        "status": STATUS[one.state],
        "runSchedule": {
            "start": at(one.start),
            **({"end": at(one.end + 1)} if one.state == world.ENDED else {}),
        },
        **kind.settings,
        "unitCost": money(kind.bid * account.market.dollar // 100, account),
        "dailyBudget": money(one.budget, account),
        "locale": {"country": account.market.code.replace("UK", "GB"), "language": "en"},
        "associatedEntity": urn("organization", page_of(account)),
        "audienceExpansionEnabled": False,
        "politicalIntent": "NOT_POLITICAL",
        "creativeSelection": "OPTIMIZED",
        "targetingCriteria": _targeting(account),
        "test": False,
        "changeAuditStamps": audit(at(created, 9), at(changed, 10)),
        "version": {"versionTag": "2" if one.cut or one.end else "1"},
        "_n": one.number,
    }


def _targeting(account: Account) -> Body:
    facet = "urn:li:adTargetingFacet"
    where = {f"{facet}:locations": [urn("geo", GEOS[account.market.code])]}
    who = {f"{facet}:seniorities": [urn("seniority", number) for number in (5, 6, 7)]}
    return {"include": {"and": [{"or": where}, {"or": who}]}}


def creative(one: Ad, began: int) -> Body:
    """`_windows` are the days it delivered on, and `_began` the day the world did."""
    above, place = one.campaign, Place(*one.key)
    account, number = above.account, id_of(CREATIVE, place)
    end = one.end if one.share else 0
    made = at(min(above.start, began) - 1, 9)
    first = max(above.start, began - KEPT_DAYS)
    runs = one.share and (not end or end >= first)
    body: Body = {
        "id": urn("sponsoredCreative", number),
        "account": owner_of(account),
        "campaign": urn("sponsoredCampaign", id_of(CAMPAIGN, Place(*place[:2]))),
        "content": {"reference": urn("share", 7_200_000_000_000_000_000 + int(number))},
        "intendedStatus": "ARCHIVED" if above.state == world.ARCHIVED else STATUS[one.state],
        "name": one.name,
        "review": REJECTED if one.state == world.REJECTED else APPROVED,
        "isTest": False,
        "createdAt": made,
        "createdBy": MEMBER,
        "lastModifiedAt": at(end + 1, 10) if end else made,
        "lastModifiedBy": MEMBER,
        "_image": True,
        "_in_image": {"title": f"{account.client.brand} {above.goods}", "altText": above.goods},
        "_landing": f"https://{account.client.key}.example/{above.goods}",
        "_windows": [[first, end or None]] if runs else [],
        "_began": began,
        "_n": place.campaign * 100 + place.group * 10 + place.ad,
    }
    if above.goal == "leads":
        form = urn("adForm", form_of(account))
        body["leadgenCallToAction"] = {"destination": form, "label": "SIGN_UP"}
    return body
