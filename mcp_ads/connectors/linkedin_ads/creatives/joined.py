"""What is read beside creatives when `fields` names it: the campaigns they are in, the posts they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_ads.connectors.linkedin_ads.dialect import batch_get
from mcp_ads.connectors.linkedin_ads.refusals import unread
from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.core.gaps import unless_refused
from mcp_ads.core.outline import Steps
from mcp_ads.errors import ApiError

from .post_body import plain

Row = dict[str, Any]
OF_CAMPAIGN = ("campaign_name", "campaign_status", "campaign_group_id")
OF_POST = ("text", "headline", "landing_page", "call_to_action", "post.*")
ROOTS = frozenset(name.removesuffix(".*") for name in (*OF_CAMPAIGN, *OF_POST))
SHARING = "sharing_group_id"
"""The campaign group whose budget a campaign without one of its own spends."""
POSTS = ("share", "ugcPost")
UNREAD, MOST_WHY = "texts of {} posts cannot be read: {}", 200
NO_CAMPAIGN = "campaign {} could not be read: {}"
MISSING, FORBIDDEN = 404, 403
TAKES = "it takes r_organization_social and a role on the Page; ad_previews shows the ads"


def is_joined(column: str) -> bool:
    """Whether a column is of what is read beside a creative."""
    return _root(column) in ROOTS


def joined(rows: Sequence[Row], account: str, columns: Iterable[str]) -> Steps[list[str]]:
    """Adds to rows of creatives what these columns are of; answers with what to warn of."""
    asked = ROOTS.intersection(map(_root, columns))
    warnings = (yield from _with_campaigns(rows, account)) if asked.intersection(OF_CAMPAIGN) else []
    return [*warnings, *((yield from _with_posts(rows)) if asked.difference(OF_CAMPAIGN) else [])]


def _root(column: str) -> str:
    return column.partition(".")[0]


def _with_campaigns(rows: Sequence[Row], account: str) -> Steps[list[str]]:
    ids = list(dict.fromkeys(row["campaign_id"] for row in rows if row.get("campaign_id")))
    answer = (yield batch_get(f"/adAccounts/{account}/adCampaigns", ids)) if ids else {}
    found = answer.get("results") or {}
    for row in rows:
        campaign = found.get(row.get("campaign_id")) or {}
        group = tail(campaign["campaignGroup"]) if campaign.get("campaignGroup") else None
        row |= {
            "campaign_name": campaign.get("name"),
            "campaign_status": campaign.get("status"),
            "campaign_group_id": group,
        }
        if group and not (campaign.get("dailyBudget") or campaign.get("totalBudget")):
            row[SHARING] = group
    refused = unread(answer, ids)
    why = next(iter(refused.values()), None)
    return [unless_refused(NO_CAMPAIGN.format(", ".join(refused), why), why)] if refused else []


def _with_posts(rows: Sequence[Row]) -> Steps[list[str]]:
    """Texts from the posts, and those that creatives have themselves; a post that is not given is told of."""
    of_row = [str((row.get("content") or {}).get("reference") or "") for row in rows]
    urns = list(dict.fromkeys(urn for urn in of_row if urn.split(":")[2:3] and urn.split(":")[2] in POSTS))
    answer: Mapping[str, Any] = {}
    refused: Mapping[str, Any] = {}
    failed: ApiError | None = None
    try:
        answer = (yield batch_get("/posts", urns, viewContext="AUTHOR")) if urns else {}
    except ApiError as error:
        failed, refused = error, {"status": error.status, "message": error.platform_text or str(error)}
    found = answer.get("results") or {}
    for row, urn in zip(rows, of_row, strict=True):
        post = found.get(urn) or {}
        row |= {"post": post or None, **texts(row.get("content") or {}, post)}
        row["call_to_action"] = row["call_to_action"] or (row.get("leadgenCallToAction") or {}).get("label")
    lost, errors = [urn for urn in urns if urn not in found], answer.get("errors") or {}
    whys = Counter(_why(refused or errors.get(urn) or {}) for urn in lost)
    return [unless_refused(UNREAD.format(count, why), failed) for why, count in whys.items()]


def _why(refused: Mapping[str, Any]) -> str:
    """Why a post could not be read, and what it takes."""
    status, says = refused.get("status"), str(refused.get("message") or "")[:MOST_WHY]
    if status in (None, MISSING):
        return "they are not there, or not for this member to see"
    return f"{says}; {TAKES}" if status == FORBIDDEN else says


def texts(content: Mapping[str, Any], post: Mapping[str, Any]) -> Row:
    """What people read of an ad, wherever it stands: in its post, or in the creative itself."""
    own = content.get("textAd") or content.get("spotlight") or {}
    shown = post.get("content") or {}
    inner = shown.get("media") or shown.get("article") or {}
    return {
        "text": plain(str(post["commentary"])) if post.get("commentary") else own.get("description"),
        "headline": inner.get("title") or own.get("headline"),
        "landing_page": post.get("contentLandingPage") or inner.get("source") or own.get("landingPage"),
        "call_to_action": post.get("contentCallToActionLabel") or own.get("callToAction"),
    }
