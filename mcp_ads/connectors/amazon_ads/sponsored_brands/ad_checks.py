"""What an ad shows, held against the library of assets and the Stores there are, before it is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from mcp_ads.connectors.amazon_ads.accounts import eligibility_checks
from mcp_ads.connectors.amazon_ads.stores import asset_checks
from mcp_ads.connectors.amazon_ads.stores.asset_checks import LIBRARY, versions, with_article
from mcp_ads.connectors.amazon_ads.stores.assets import AssetById
from mcp_ads.connectors.amazon_ads.stores.stores import StoresRead, pages_of
from mcp_ads.connectors.amazon_ads.types import Json
from mcp_ads.core import Action, Context
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import InvalidParams, PlatformDown

from .ad_types import LOGO, PAGE_URL, VIDEO, Shown

STORES = "the advertiser's Stores"
KINDS = {LOGO: "IMAGE", VIDEO: "VIDEO"}
NAMED = {"brandLogoAssetID": LOGO, "brandLogoAssetId": LOGO, "videoAssetIds": VIDEO}
SHOWN_IN = ("creative", "creativeProperties")
MOST_SAID = 300
"""Characters of a part."""
LEAST_LOGO = 400
"""Pixels a side."""
_SITE = re.compile(r"https://[^/?#]+", re.IGNORECASE)
_PAGE = re.compile(r"/page/([0-9a-f-]+)", re.IGNORECASE | re.ASCII)
Live = Mapping[str, Any]


class Checked(Shown):
    """What an ad shows, where planning looks at the assets and pages it names."""

    def asides(self, account: str) -> Mapping[str, Action]:
        return {**reads(self), **eligibility_checks.reads(account, "SB", self.asins)}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        if mistakes := [*unfit(self, live or {})]:
            raise InvalidParams("\n".join(mistakes))
        return super().settled(context, live)

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        """What it shows, part by part, with the names of assets beside their ids."""
        sets = self.sets()
        return {name: [*said(sets[name], live)] for name in SHOWN_IN if name in sets}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from doubts(self, live)
        yield from eligibility_checks.told(live, "SB", self.asins)
        program = f"ad_program_type {self.kind.program}"
        yield f"{self.reviewed}: moderation_results.list with {program} says what the review found"


def reads(call: Shown) -> Mapping[str, Action]:
    """The assets it names, by their parameters, and the Stores where it leads to a page of one."""
    profile, named = call.profile_id, _assets(call)
    given = {name: {"profile_id": profile, "asset_id": asset.partition(":")[0]} for name, asset in named}
    found: dict[str, Action] = {
        LIBRARY.format(name): AssetById.model_validate(params) for name, params in given.items()
    }
    in_store = [call.page_type() == "STORE" and call.landing_page_url, *(call.subpages or ())]
    return {**found, STORES: StoresRead.model_validate({"profile_id": profile})} if any(in_store) else found


def unfit(call: Shown, live: Live) -> Iterator[str]:
    """What of it cannot be shown as things are; what could not be read is no problem here."""
    for name, asset in _assets(call):
        answer = live.get(LIBRARY.format(name))
        if (rows := versions(answer, asset)) is not None:
            yield from _unfit_asset(name, asset, rows, versions(answer, asset.partition(":")[0]))
    known = _known_pages(live)
    sites = {_site(row["storePageUrl"]) for row in known.values()}
    names = ", ".join(str(row["storePageName"]) for row in known.values())
    for name, url in _addresses(call):
        if known and (((page := _page_id(url)) and page not in known) or _site(url) not in sites):
            yield f"{name}: {cut(url)!r} is no page of the advertiser's Stores; stores.list has {names}"


def doubts(call: Shown, live: Live) -> Iterator[str]:
    """What may keep it from being shown, and what could not be checked."""
    for name, asset in _assets(call):
        yield from asset_checks.doubts(name, versions(live.get(LIBRARY.format(name)), asset) or ())
    addresses = [*_addresses(call)]
    if addresses and not [*(_pages(live) or ())]:
        yield "whether its pages are of the advertiser's Stores is not known: none could be read"
    known = _known_pages(live)
    for name, url in addresses:
        if not (page := _page_id(url)):
            yield f"{name}: not checked, as {cut(url)!r} has no page's id as those of stores.list have"
        elif page in known and url != (listed := known[page]["storePageUrl"]):
            yield f"{name}: stores.list writes this page as {listed}; Amazon may refuse another address of it"


def said(shown: Mapping[str, Any], live: Live) -> Iterator[str]:
    """A line for each part of what an ad shows."""
    for wire, value in shown.items():
        name, text = NAMED.get(wire, ""), json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        asset = str(value[0] if isinstance(value, list) and value else value)
        rows = versions(live.get(LIBRARY.format(name)), asset) if name else None
        shown_text = text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"
        yield " ".join([wire, shown_text, *asset_checks.titles(rows or ())])


def _assets(call: Shown) -> list[tuple[str, str]]:
    """The parameters that name assets, each with its one."""
    videos = call.video_asset_ids or ()
    named = [(LOGO, call.brand_logo_asset_id), *((VIDEO, video) for video in videos)]
    return [(name, asset) for name, asset in named if asset]


def _addresses(call: Shown) -> Iterator[tuple[str, str]]:
    if call.landing_page_url and call.page_type() == "STORE":
        yield PAGE_URL, call.landing_page_url
    for at, page in enumerate(call.subpages or ()):
        yield f"subpages[{at}]", page["url"]


def _pages(live: Live) -> list[Json] | None:
    try:
        return None if live.get(STORES) is None else [*pages_of(live[STORES])]
    except PlatformDown:
        return None


def _known_pages(live: Live) -> dict[str, Json]:
    """The pages of the Stores by their ids, as far as they have some."""
    return {page: row for row in _pages(live) or () if (page := _page_id(row["storePageUrl"]))}


def _site(url: Any) -> str:
    """Which host an address leads to, with all that stands before its path; empty for none."""
    found = _SITE.match(str(url or ""))
    return found[0].lower() if found else ""


def _unfit_asset(name: str, asset: str, rows: list[Json], all_rows: list[Json] | None) -> Iterator[str]:
    """Why an asset cannot be shown there; `rows` are of the version that it names."""
    wanted, others = KINDS[name], {str(row["assetType"]) for row in rows if row["assetType"]}
    if not all_rows:
        yield f"{name}: the library of this profile has no {cut(asset)!r}; assets.list has those there are"
    elif not rows:
        yield f"{name}: {cut(asset)!r} has no such version; assets.list with its id shows which there are"
    elif others and wanted not in others:
        yield f"{name}: {cut(asset)!r} is {with_article(others.pop())}, not {with_article(wanted)}"
    elif all(row["status"] == "ARCHIVED" for row in rows):
        yield f"{name}: {cut(asset)!r} is ARCHIVED"
    elif name == LOGO and all(_is_small(row) for row in rows):
        size = f"{rows[-1]['width']} x {rows[-1]['height']}"
        yield f"{name}: {cut(asset)!r} is {size}; a logo has at least {LEAST_LOGO} x {LEAST_LOGO}"


def _is_small(row: Json) -> bool:
    sides = [row[name] for name in ("width", "height") if isinstance(row[name], int | float)]
    return any(side < LEAST_LOGO for side in sides)


def _page_id(url: Any) -> str:
    """The page's id in an address, however that is spelt otherwise; empty where it has none."""
    found = _PAGE.search(str(url or ""))
    return found[1].upper() if found else ""
