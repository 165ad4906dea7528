"""Ad previews: how a creative looks in each place, as an address that a person opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail, urn
from mcp_ads.core import Account, Context, Entity, Flow, Result, dig
from mcp_ads.core.page_records import records_in

CreativeId = Annotated[
    str, Urn("sponsoredCreative"), Field(examples=["180000001"], description="Digits or its URN.")
]
_SOURCE = re.compile(r"""\bsrc\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL)
VALID = "3 hours"


class GetAdPreviews(LinkedinRead):
    """Preview a creative as LinkedIn shows it, a row for each place: url opens in a browser for 3 hours."""

    said = "how does the ad look, mockup, preview link, show me the ad"

    account_id: AccountId
    creative_id: CreativeId

    http, records = FINDER("/adPreviews"), "data"
    lean, known = ("placement", "url", "valid"), ("creative_id", "placement", "url", "valid", "html")

    def to_query(self) -> Mapping[str, Any]:
        creative, account = (
            urn("sponsoredCreative", self.creative_id),
            urn("sponsoredAccount", self.account_id),
        )
        return {"q": "creative", "creative": creative, "account": account}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        answer = yield self.to_request()
        rows = [self.to_row(row, None) for row in records_in(answer, "elements")]
        none = "LinkedIn previews single images, carousels, videos, single jobs and events, and not this"
        return Result(rows, {} if rows else {"warnings": [none]})

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        html = str(record.get("preview") or "")
        found, where = _SOURCE.search(html), record.get("placement")
        place = dig(where, "linkedin.contentPresentationType") or dig(where, "linkedin.placementName")
        return {
            "creative_id": tail(record.get("creative")),
            "placement": place or str(where or ""),
            "url": unescape(found[2]) if found else "",
            "valid": VALID,
            "html": html,
        }


ad_previews = Entity(noun="preview", get=GetAdPreviews)
