"""What Amazon's review of ads found: approved, rejected and why, still going on.

Facts: Amazon's Moderation results specification.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import CURSOR, vendor
from mcp_ads.connectors.amazon_ads.filters import id_list, words
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Id, Json, upper
from mcp_ads.core import POST, Account, Entity

MOST = 10
CONTENTS = {
    "violatingTextContents": ("reviewedText", "violatingTextEvidences", "violatingText"),
    "violatingAsinContents": ("", "violatingAsinEvidences", "asin"),
    "violatingImageContents": ("", "", ""),
    "violatingVideoContents": ("", "", ""),
}
"""Where a violation says what breaks the policy: the whole text, the evidence, and what that is."""


class ListModeration(AmazonRead):
    """List what the review of one ad found, version by version: the status, and why it was rejected."""

    ad_id: Annotated[Id, Field(alias="id", examples=["140000000000001"])]
    ad_program_type: Annotated[
        Literal["SB_PRODUCT_COLLECTION", "SB_STORE_SPOTLIGHT", "SB_VIDEO", "SPONSORED_DISPLAY",
                "SPONSORED_PRODUCTS"],
        BeforeValidator(upper),
        Field(
            examples=["SPONSORED_PRODUCTS"],
            description="SB_PRODUCT_COLLECTION of manual and auto collections, SB_VIDEO of brandVideo too.",
        ),
    ]  # fmt: skip
    moderation_status: Annotated[
        list[Literal["APPROVED", "FAILED", "IN_PROGRESS", "REJECTED"]] | None,
        BeforeValidator(words),
        Field(alias="moderationStatusFilter", min_length=1),
    ] = None
    version_id: Annotated[
        list[str] | None,
        BeforeValidator(id_list),
        Field(alias="versionIdFilter", min_length=1, max_length=200, description="All versions unless said."),
    ] = None

    http = vendor(
        POST, "/moderation/results", "moderationresultsrequest.v4.1", "moderationresultsresponse.v4.0"
    )
    pages, records = replace(CURSOR, most=MOST), "moderationResults"
    lean = ("versionId", "moderationStatus", "reasons", "etaForModeration")
    known = ("id", *lean, "policies", "links", "componentModerationResults.*")
    alike = {"ad_id": "id", "status": "moderationStatus", "version": "versionId", "why": "reasons"}
    aliases = {
        **ACCOUNT,
        "program": "ad_program_type",
        "status": "moderation_status",
        "version": "version_id",
    }
    said = "rejected ad, disapproved, ad review, policy violation, why is my ad rejected, under review"

    def to_body(self) -> Json:
        return {**self.sent(), "idType": "AD_ID", "maxResults": MOST}

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002 - the protocol's
        """The reasons as text; where a policy is to be read is a column of its own."""
        found = [one for one in record.get("policyViolations") or () if isinstance(one, dict)]
        shown = {name: value for name, value in record.items() if name != "policyViolations"}
        return {
            **shown,
            "reasons": "; ".join(dict.fromkeys(map(_reason, found))) or None,
            "policies": len(found),
            "links": "; ".join(
                dict.fromkeys(str(one["policyLinkUrl"]) for one in found if one.get("policyLinkUrl"))
            )
            or None,
        }


def _reason(violation: Mapping[str, Any]) -> str:
    """A policy, and which parts of the ad break it, as far as these are words."""
    parts = list(dict.fromkeys(part for kind in CONTENTS for part in _parts(violation, kind)))
    return " ".join(
        filter(
            None, [str(violation.get("policyDescription") or ""), f"({', '.join(parts)})" if parts else ""]
        )
    )


def _parts(violation: Mapping[str, Any], kind: str) -> Iterator[str]:
    whole, evidences, what = CONTENTS[kind]
    for content in violation.get(kind) or ():
        found = [one.get(what) for one in content.get(evidences) or () if one.get(what)] or [
            content.get(whole)
        ]
        yield " ".join(
            filter(
                None, [str(content.get("moderatedComponent") or ""), *(f'"{text}"' for text in found if text)]
            )
        )


moderation_results = Entity(noun="verdict", list=ListModeration)
