"""The Ad Library: ads of anybody, searched by whoever has shown who they are."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.delivery.audience import COUNTRIES
from mcp_ads.sandbox.facebook_marketing.errors import GraphError, invalid, missing
from mcp_ads.sandbox.facebook_marketing.objects import shown
from mcp_ads.sandbox.facebook_marketing.params import Body, as_list, as_names, checked
from mcp_ads.sandbox.facebook_marketing.state import now
from mcp_ads.sandbox.facebook_marketing.tables import table

MOST_PAGES, MOST_SEARCHED = 10, 100
POLITICAL = "POLITICAL_AND_ISSUE_ADS"
ARCHIVED = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
"""Where ads that are not political are archived too."""
SNAPSHOT = "https://www.facebook.com/ads/archive/render_ad/?id={id}&access_token={token}"


def search(call: Call) -> Body:
    """GET the ads that reached some of these countries, and have the words or the page."""
    sent = checked(call.edge, call.params)
    if "unconfirmed" in call.token:
        text = "To access the API you'll need to follow the steps at facebook.com/ads/library/api."
        title = "Application does not have permission for this action"
        raise GraphError(10, f"(#10) {title}", subcode=2332002, error_user_title=title, error_user_msg=text)
    countries = as_list("ad_reached_countries", sent.get("ad_reached_countries") or [])
    if not countries:
        raise missing("ad_reached_countries")
    if strange := [place for place in countries if place not in ("ALL", *COUNTRIES.split())]:
        raise invalid(f"Param ad_reached_countries[0] must be a country or ALL - got {strange[0]!r}")
    words, pages = str(sent.get("search_terms", "")).strip(), sent.get("search_page_ids") or []
    if not words and not pages:
        raise missing("search_terms or search_page_ids")
    if len(words) > MOST_SEARCHED or len(pages) > MOST_PAGES:
        raise invalid(f"search_terms takes {MOST_SEARCHED} characters, search_page_ids {MOST_PAGES} pages")
    rows = [row for row in table("library.json", __package__) if _fits(row, sent, countries)]
    rows = [row for row in rows if not pages or row["page_id"] in as_names("search_page_ids", pages)]
    rows = [row for row in rows if all(word in _text(row) for word in words.casefold().split())]
    linked = [row | {"ad_snapshot_url": SNAPSHOT.format(id=row["id"], token=call.token)} for row in rows]
    return shown(call, "archived", linked)


def _fits(row: Body, sent: Body, countries: list[str]) -> bool:
    political = row["_type"] == POLITICAL
    reached = {*row["_countries"]} & (set(row["_countries"]) if "ALL" in countries else set(countries))
    seen = reached if political else reached & ARCHIVED
    over = "ad_delivery_stop_time" in row and row["ad_delivery_stop_time"] < now().isoformat()
    wanted = {"ACTIVE": not over, "INACTIVE": over}.get(sent.get("ad_active_status", "ACTIVE"), True)
    of_type = sent.get("ad_type", "ALL") in ("ALL", row["_type"])
    began = row["ad_delivery_start_time"]
    late_enough = began >= str(sent.get("ad_delivery_date_min", ""))
    early_enough = began <= str(sent.get("ad_delivery_date_max") or "9999")
    platforms = sent.get("publisher_platforms") or row["publisher_platforms"]
    shared = {str(name).lower() for name in platforms} & {*map(str.lower, row["publisher_platforms"])}
    return bool(seen and wanted and of_type and late_enough and early_enough and shared)


def _text(row: Body) -> str:
    texts = [*row["ad_creative_bodies"], *row["ad_creative_link_titles"], row["page_name"]]
    return " ".join(texts).casefold()
