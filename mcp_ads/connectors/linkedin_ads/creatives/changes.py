"""What can be changed of a creative: its status, its name, and while it is a draft its lead form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinWrite
from mcp_ads.connectors.linkedin_ads.dialect import METHOD, PATCH
from mcp_ads.connectors.linkedin_ads.patching import Patch, unpacked
from mcp_ads.connectors.linkedin_ads.types import Name
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import Action, Context, Delete, Request, dig
from mcp_ads.core.marks import Found

from .content import LeadForm
from .forms import FORMS, FormsOfAccount, check_form, named
from .joined import SHARING

PATH = "/adAccounts/{account_id}/creatives"
OVER = ("CANCELED", "PENDING_DELETION", "REMOVED")
NEXT = {
    "DRAFT": ("ACTIVE", "ARCHIVED"),
    "ACTIVE": ("PAUSED", "ARCHIVED"),
    "PAUSED": ("ACTIVE", "ARCHIVED"),
    "ARCHIVED": ("ACTIVE", "PAUSED"),
}
FIXED = (
    "what a creative shows never changes; create_inline with replaces makes a new one and stops this one, "
    "in one plan"
)
ELSEWHERE = {
    "content": FIXED,
    "inline_content": FIXED,
    "commentary": FIXED,
    "landing_page": FIXED,
    "call_to_action": FIXED,
    "campaign": "a creative stays in its campaign; create another one there",
    "campaign_id": "a creative stays in its campaign; create another one there",
}
EVENT_AD, HIDE = "eventAd", "hidePreviewVideo"
MINE = {"status": "intended_status"}
UNREVIEWED = "LinkedIn may refuse to pause what it has not approved (review {}); archive stops it in any case"
GONE = "LinkedIn brings nothing back that was deleted"


class OneCreative(LinkedinWrite):
    """What changing a creative takes."""

    creative_id: Annotated[str, Urn("sponsoredCreative", whole=True), Field(examples=["180000001"])]

    http, subject, retired = PATCH(PATH + "/{creative_id}"), "creative_id", ELSEWHERE
    was: Annotated[str | None, Found(), Field(exclude=True)] = None

    watch: ClassVar[tuple[str, ...]] = ("name", "intendedStatus", "campaign_status", "review.status")
    moving: ClassVar[tuple[str, ...]] = ("review.status", "campaign_status")
    paid_by: ClassVar[Mapping[str, str]] = {"campaign": "campaigns", SHARING: "campaign_groups"}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With the state it was in: of what the same plan makes, the undo is that of making it."""
        call = super().settled(context, live)
        made_here = self.creative_id.startswith("@")
        return call.model_copy(update={"was": None if made_here else (live or {}).get("intendedStatus")})

    def lasting(self) -> str:
        after = self.sets().get("intendedStatus")
        gone = self.was == "DRAFT" and after not in (None, "DRAFT")
        return super().lasting() or ("it is DRAFT, and will never be that again" if gone else "")

    def to_body(self) -> Mapping[str, Any]:
        return {"patch": {"$set": self.sent()}}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        before, after = live.get("intendedStatus"), self.sets().get("intendedStatus")
        if before in OVER:
            return f"it is {before}, and stays as it is"
        if before in NEXT and after and after not in (before, *NEXT[before]):
            return f"{before} cannot become {after}; it can become {' or '.join(NEXT[before])}"
        return ""

    def halted(self, live: Mapping[str, Any]) -> str:
        status, name = live.get("campaign_status"), live.get("campaign_name") or live.get("campaign_id")
        if status in (None, "ACTIVE"):
            return ""
        return f"its campaign {name} is {status}: it shows nothing until that is ACTIVE"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        review, before = live.get("review") or {}, live.get("intendedStatus")
        match self.sets().get("intendedStatus"):
            case "PAUSED" if before == "ARCHIVED":
                yield "it is ARCHIVED, and not shown: this takes it out of the archive"
            case "PAUSED" if before == "ACTIVE" and review.get("status") != "APPROVED":
                yield UNREVIEWED.format(review.get("status") or "none yet")
            case "ACTIVE" if before == "DRAFT":
                yield "this submits it for review, and it is shown once APPROVED; it is no draft again"
            case "ACTIVE" if review.get("status") == "REJECTED":
                why = ", ".join(map(str, review.get("rejectionReasons") or ())) or "no reason given"
                yield f"LinkedIn has rejected it ({why}), and shows it no more: make a new one"
            case "ACTIVE" if review.get("status") not in (None, "APPROVED"):
                yield f"its review is {review['status']}; it is shown once that says APPROVED"


class UpdateCreative(OneCreative):
    """Change a creative's name or status, or a draft's lead form; create_inline changes what it shows."""

    name: Name | None = None
    intended_status: Literal["ACTIVE", "PAUSED", "ARCHIVED"] | None = None
    leadgen_call_to_action: LeadForm = None
    hide_preview_video: Annotated[
        bool | None,
        Field(alias="content.eventAd.hidePreviewVideo", exclude=True, description="Of an event ad."),
    ] = None
    patch: Patch = None

    sample, merges, aliases = {"name": "Spring, red shoes"}, ("content",), {**LinkedinWrite.aliases, **MINE}
    watch = (*OneCreative.watch, "leadgenCallToAction")

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, given: Any) -> Any:
        """`patch` as the parameters it stands for; what it says of an event ad is one of them."""
        patch = given.get("patch") if isinstance(given, dict) else None
        if isinstance(patch, dict) and isinstance(patch.get("$set", {}), dict) and "content" in patch:
            hide = dig(patch, f"content.{EVENT_AD}.$set.{HIDE}")
            if patch["content"] != {EVENT_AD: {"$set": {HIDE: hide}}}:
                raise ValueError(f"patch: content: {FIXED}")
            new = {**patch.get("$set", {}), "hide_preview_video": hide}
            given = {**given, "patch": {**patch, "$set": new}}
            del given["patch"]["content"]
        return unpacked(cls, given)

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.sets():
            raise ValueError("nothing to change: give name, intended_status, leadgen_call_to_action, …")
        return self

    def sets(self) -> dict[str, Any]:
        hide = self.hide_preview_video
        event = {} if hide is None else {"content": {"eventAd": {"hidePreviewVideo": hide}}}
        return {**super().sets(), **event}

    def asides(self, account: str) -> Mapping[str, Action]:
        return {FORMS: FormsOfAccount(account_id=account)} if self.leadgen_call_to_action else {}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        check_form(call.leadgen_call_to_action, live)
        return call

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from named(self.leadgen_call_to_action, live)

    def merged(self, live: Mapping[str, Any]) -> dict[str, Any]:
        both, event = super().merged(live), (live.get("content") or {}).get("eventAd")
        if "content" in both and event:
            both["content"] = {"eventAd": {**event, "hidePreviewVideo": self.hide_preview_video}}
        return both

    def to_body(self) -> Mapping[str, Any]:
        patch: dict[str, Any] = {"$set": given} if (given := self.sent()) else {}
        if self.hide_preview_video is not None:
            patch["content"] = {"eventAd": {"$set": {"hidePreviewVideo": self.hide_preview_video}}}
        return {"patch": patch}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        form, before = self.leadgen_call_to_action, live.get("leadgenCallToAction")
        if self.hide_preview_video is not None and not (live.get("content") or {}).get("eventAd"):
            return "hide_preview_video is of event ads, and it is none"
        if form and form != before and live.get("intendedStatus") not in (None, "DRAFT"):
            return "its lead form is fixed, for it is no draft any more; create another creative"
        return super().obstacle(live)


class PauseCreative(OneCreative):
    """Pause creatives: they are not shown until they are activated again."""

    intended_status: Literal["PAUSED"] = "PAUSED"


class ActivateCreative(OneCreative):
    """Activate creatives: a draft is submitted for review. They spend if campaign and group are active."""

    intended_status: Literal["ACTIVE"] = "ACTIVE"


class ArchiveCreative(OneCreative):
    """Archive creatives: they are not shown, and kept apart; activate or pause takes them back."""

    intended_status: Literal["ARCHIVED"] = "ARCHIVED"


class DeleteCreative(OneCreative, Delete):
    """Delete creatives for good: drafts, and those of a draft campaign, at once; LinkedIn removes others."""

    outright: Annotated[bool | None, Found(), Field(exclude=True)] = None

    irreversible, moving = GONE, ("review.status",)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """As LinkedIn deletes what is like this: by DELETE, or by the status PENDING_DELETION."""
        call, now = super().settled(context, live), live or {}
        drafts = "DRAFT" in (now.get("intendedStatus"), now.get("campaign_status"))
        failed = "PROCESSING_FAILED" in (now.get("servingHoldReasons") or ())
        return call.model_copy(update={"outright": drafts or failed})

    def sets(self) -> dict[str, Any]:
        return {} if self.outright else {"intendedStatus": "PENDING_DELETION"}

    def effect(self) -> str:
        return "deletes it at once" if self.outright else ""

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return f"it is {live['intendedStatus']} already" if live.get("intendedStatus") in OVER[1:] else ""

    def to_request(self) -> Request:
        if self.outright:
            return Request("DELETE", self.to_path(), headers={METHOD: "DELETE"}, risk="delete")
        body = {"patch": {"$set": self.sets()}}
        return Request("POST", self.to_path(), body=body, headers=self.to_headers(), risk="delete")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if not self.outright:
            yield "LinkedIn deletes only drafts at once: this is marked PENDING_DELETION, then removed"
        elif live.get("intendedStatus") != "DRAFT":
            yield "LinkedIn deletes it at once, for its campaign is a draft or its video could not be used"
