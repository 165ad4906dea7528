"""Lead forms: what a lead ad asks people. They belong to a page, and are never changed, only put away."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import GraphRead, GraphWrite, Object, ObjectId
from mcp_ads.core import GET, POST, Entity, States

from . import rules
from .base import AsPage, PageId

LEAN = ("id", "name", "status", "locale", "leads_count", "created_time")
MORE = (
    *LEAN, "page_id", "expired_leads_count", "is_optimized_for_quality", "privacy_policy_url", "questions",
    "follow_up_action_url",
)  # fmt: skip
SHOWN = (
    "name", "follow_up_action_url", "is_optimized_for_quality", "question_page_custom_headline",
    "block_display_for_non_targeted_viewer",
)  # fmt: skip
"""Parameters that a form's record has by the same name, and with the same value."""
STATES = States(
    fields=("status",),
    switches={"ACTIVE": "restore", "ARCHIVED": "archive"},
    endings={"ARCHIVED": "archive", "DELETED": "delete"},
)
"""A form delivers nothing by itself."""
PROMINENT = (
    "name", "label", "title", "url", "website_url", "follow_up_action_url", "business_phone_number",
)  # fmt: skip
Questions = Annotated[
    list[Object],
    Field(
        min_length=1,
        examples=[[{"type": "FULL_NAME"}, {"type": "EMAIL"}]],
        description="type is FULL_NAME, EMAIL, PHONE, COMPANY_NAME, … or CUSTOM, which has a label and may "
        'have options: [{"key": "a", "value": "What people read"}].',
    ),
]
Policy = Annotated[
    Object | None, Field(description='{"url": "https://…", "link_text": "at most 70 characters"}')
]
LastPage = Annotated[
    Object | None, Field(description="title, button_type, and body, button_text, website_url, …")
]
FirstPage = Annotated[
    Object | None,
    Field(description="What stands before: title, style LIST_STYLE or PARAGRAPH_STYLE, content."),
]
Hidden = Annotated[dict[str, str] | None, Field(description="Hidden fields that come with each lead.")]
Disclaimer = Annotated[Object | None, Field(description="title, body, checkboxes to consent by.")]
FINAL = "Facebook neither changes nor deletes a lead form: taking this back archives it"
TERMS = "https://www.facebook.com/ads/leadgen/tos?page_id="


class ListLeadForms(AsPage, GraphRead):
    """List the lead forms of one page, archived ones too. leads_count counts what is still kept."""

    said = "lead ads, instant form, lead gen form, lead generation form, questions"

    page_id: PageId

    http = GET("/{page_id}/leadgen_forms")
    node, pages, records, lean = "LeadgenForm", CURSOR, "data", LEAN


class GetLeadForm(AsPage, GraphRead):
    """Read one lead form with its questions, or several with a list of ids."""

    page_id: PageId
    form_id: ObjectId

    http, subject = GET("/{form_id}"), "form_id"
    node, lean = "LeadgenForm", MORE


class LeadFormWrite(AsPage, GraphWrite):
    """Makes a form, or puts it away."""

    page_id: PageId

    states, watch = STATES, ("name", "status")
    aliases = {"lead_form_id": "form_id", "lead_gen_form_id": "form_id"}


class CreateLeadForm(LeadFormWrite):
    """Create a lead form of a page. It cannot be changed or deleted afterwards, only archived.

    A creative names it in call_to_action.value.lead_gen_form_id, in the same plan as "@N.id".
    """

    name: Annotated[str, Field(min_length=1, examples=["Spring: call me back"])]
    questions: Questions
    privacy_policy: Policy = None
    follow_up_action_url: Annotated[str | None, Field(description="Where people go afterwards.")] = None
    thank_you_page: LastPage = None
    context_card: FirstPage = None
    locale: Annotated[str | None, Field(pattern=r"^[A-Za-z]{2}_[A-Za-z]{2}$", examples=["EN_US"])] = None
    is_optimized_for_quality: Annotated[bool | None, Field(description="People see a review step.")] = None
    is_phone_sms_verify_enabled: bool | None = None
    should_enforce_work_email: bool | None = None
    question_page_custom_headline: str | None = None
    block_display_for_non_targeted_viewer: bool | None = None
    allow_organic_lead_retrieval: bool | None = None
    tracking_parameters: Hidden = None
    custom_disclaimer: Disclaimer = None

    http, does = POST("/{page_id}/leadgen_forms"), "makes"
    parents, parent_fields = {"page_id": "pages"}, ("name", "leadgen_tos_accepted")
    sample = {"privacy_policy": {"url": "https://example.com/privacy"}}
    prominent = PROMINENT

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if mistakes := list(rules.mistakes(self.sent())):
            raise ValueError("\n".join(mistakes))
        return self

    def sets(self) -> dict[str, Any]:
        """What the form's record has of it; what is asked is told by the effect."""
        same = {name: value for name, value in self.sent().items() if name in SHOWN}
        policy = {"privacy_policy_url": self.privacy_policy["url"]} if self.privacy_policy else {}
        return {"page_id": self.page_id, **same, **policy}

    def effect(self) -> str:
        asked = (question.get("label") or question["type"] for question in self.questions)
        return f"asks for {', '.join(map(str, asked))}"

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        if parents.get("page_id", {}).get("leadgen_tos_accepted") is False:
            where = f"{TERMS}{self.page_id}"
            yield f"page_id: the page has not accepted the lead ads terms; its admin does, at {where}"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield FINAL
        yield from rules.doubts(self.sent())

    def lookup(self) -> Mapping[str, Any]:
        """The edge has no filter by name."""
        return {"page_id": self.page_id, "fields": ["id", "name", "created_time"]}


class ArchiveLeadForm(LeadFormWrite):
    """Archive lead forms: ads that use one stop taking leads by it; its leads stay."""

    form_id: ObjectId
    status: Literal["ARCHIVED"] = "ARCHIVED"

    http, subject = POST("/{form_id}"), "form_id"


class RestoreLeadForm(LeadFormWrite):
    """Put archived lead forms back into use."""

    form_id: ObjectId
    status: Literal["ACTIVE"] = "ACTIVE"

    http, subject = POST("/{form_id}"), "form_id"


lead_forms = Entity(
    list=ListLeadForms,
    get=GetLeadForm,
    create=CreateLeadForm,
    archive=ArchiveLeadForm,
    restore=RestoreLeadForm,
)
