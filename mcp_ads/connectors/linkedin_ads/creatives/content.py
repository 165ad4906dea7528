"""What creatives show: the kinds of content, what LinkedIn takes of each, and where it fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.linkedin_ads.types import Object

Values = Mapping[str, Any]
Parts = Mapping[str, tuple[str, ...]]
LeadLabel = Literal[
    "APPLY", "DOWNLOAD", "VIEW_QUOTE", "LEARN_MORE", "SIGN_UP", "SUBSCRIBE", "REGISTER", "JOIN", "ATTEND",
    "REQUEST_DEMO", "UNLOCK_FULL_DOCUMENT",
]  # fmt: skip
FORM = re.compile(r"(?:urn:li:(?:adForm|leadGenForm):)?([0-9]+)|(@[0-9]+\.id)")
POST = re.compile(r"urn:li:(share|ugcPost|adInMailContent|sponsoredConversation):[A-Za-z0-9_-]+|@[0-9]+\.id")
ADDRESS = re.compile(r"https?://[^\s/]\S*")
REQUIRED: Parts = {
    "textAd": ("headline", "description", "landingPage"),
    "spotlight": ("headline", "description", "callToAction", "landingPage", "logo"),
    "eventAd": ("event", "post"),
}
OPTIONAL: Parts = {
    "textAd": ("image",),
    "spotlight": ("organizationName", "showMemberProfilePhoto"),
    "eventAd": (
        "directSponsoredContent", "preEventRegistrationImage", "contentAuthor", "hidePreviewVideo",
    ),
}  # fmt: skip
LONGEST = {"textAd": {"headline": 25, "description": 75}}
"""Characters; of the others LinkedIn says it itself."""
KINDS = ("reference", *REQUIRED, "documentAd", "follow", "jobs")
ACTIVITY = "an activity, as addresses in the feed have it, names no post: write its urn:li:share or ugcPost"
CAMPAIGN = {
    "reference": ("SPONSORED_UPDATES", "SPONSORED_INMAILS"),
    "textAd": ("TEXT_AD",),
    "spotlight": ("DYNAMIC",),
    "follow": ("DYNAMIC",),
    "jobs": ("DYNAMIC",),
    "eventAd": ("SPONSORED_UPDATES",),
    "documentAd": ("SPONSORED_UPDATES",),
}
"""The types of campaign in which a kind of content goes."""
FORMAT = {
    "spotlight": ("SPOTLIGHT",),
    "follow": ("FOLLOW_COMPANY",),
    "jobs": ("JOBS",),
    "eventAd": ("SPONSORED_UPDATE_EVENT",),
    "image": ("STANDARD_UPDATE",),
    "article": ("STANDARD_UPDATE",),
    "video": ("SINGLE_VIDEO",),
    "document": ("SPONSORED_UPDATE_NATIVE_DOCUMENT",),
    "carousel": ("CAROUSEL", "SPONSORED_UPDATE_NATIVE_CAROUSEL"),
}
"""The formats of campaign, where it has one, in which it goes."""
EARLY = ("spotlight", "follow", "jobs", "video", "carousel")
"""What a campaign has to have been made for; others give a campaign without a format theirs."""


def _lead_form(given: Any) -> Any:
    """The form as its URN; raises ValueError for what is none. A bare id is a form without a label."""
    if not isinstance(given, Mapping) or given.keys() != {"destination", "label"}:
        raise ValueError('write {"destination": "<lead form id>", "label": "SIGN_UP"}')
    label, form = (
        str(given["label"]).strip().upper().replace(" ", "_"),
        FORM.fullmatch(str(given["destination"])),
    )
    if not form:
        raise ValueError("destination: write the id of a lead form, digits or urn:li:adForm:…")
    if label not in get_args(LeadLabel):
        hint = "; VIEW_QUOTE is the one shown as Get quote" if "QUOTE" in label else ""
        raise ValueError(f"label: one of {', '.join(get_args(LeadLabel))}{hint}")
    return {"destination": form[2] or f"urn:li:adForm:{form[1]}", "label": label}


LeadForm = Annotated[
    Annotated[Object, BeforeValidator(_lead_form)] | None,
    Field(description='The lead form: {"destination": "<id>", "label": "SIGN_UP"}; under LEAD_GENERATION.'),
]


def _content(given: Any) -> Any:
    """A post by itself is content too. Raises ValueError, with a line for each mistake."""
    content = {"reference": given} if isinstance(given, str) and not given.startswith("{") else given
    if isinstance(content, Mapping) and (wrong := list(mistakes(content))):
        raise ValueError("\n".join(wrong))
    return content


Content = Annotated[
    Object,
    BeforeValidator(_content),
    Field(
        examples=[{"reference": "urn:li:share:7200000000180000001"}],
        description='{"reference": "urn:li:share:…"}, a post; {"textAd": {"headline", "description", '
        '"landingPage", "image"}}; or spotlight, eventAd, documentAd, follow, jobs.',
    ),
]


def mistakes(content: Values) -> Iterable[str]:
    """What LinkedIn would not take of content, a line for each."""
    if len(content) != 1 or not content.keys() <= {*KINDS}:
        unknown = next((name for name in content if name not in KINDS), "")
        advice = "; a call to action stands in the post" if unknown == "callToAction" else ""
        yield f"one of {', '.join(KINDS)}{f', not {unknown[:40]!r}' if unknown else ''}{advice}"
        return
    ((kind, value),) = content.items()
    if kind == "reference":
        activity = f"; {ACTIVITY}" if ":activity:" in str(value) else ""
        if not POST.fullmatch(str(value)):
            yield f"reference: write the URN of a post, urn:li:share:…{activity}"
    elif not isinstance(value, Mapping):
        yield f"{kind}: an object"
    elif kind in REQUIRED:
        yield from _of_kind(kind, value)


def _of_kind(kind: str, value: Values) -> Iterable[str]:
    names = (*REQUIRED[kind], *OPTIONAL[kind])
    for name in value:
        if name not in names:
            yield f"{kind}.{str(name)[:40]}: there are {', '.join(names)}"
    for name in REQUIRED[kind]:
        if not value.get(name):
            yield f"{kind}.{name}: missing"
    for name, most in LONGEST.get(kind, {}).items():
        if len(str(value.get(name) or "")) > most:
            yield f"{kind}.{name}: {len(str(value[name]))} characters, at most {most} go"
    page = value.get("landingPage")
    if page and not ADDRESS.fullmatch(str(page)):
        yield f"{kind}.landingPage: write an address, {'https://…' if '.' not in str(page) else f'https://{page}'}"


def kind_of(content: Values) -> str:
    """The kind of content; empty where it has none."""
    return next(iter(content), "")


def fits(kind: str, campaign: Values, reference: str = "") -> Iterable[str]:
    """Mistakes in showing this kind of content in a campaign."""
    type_, format_ = campaign.get("type"), campaign.get("format")
    types = CAMPAIGN.get(kind, ("SPONSORED_UPDATES",))
    if kind == "reference" and not reference.startswith("@"):
        messages = ":adInMailContent:" in reference or ":sponsoredConversation:" in reference
        types = ("SPONSORED_INMAILS",) if messages else ("SPONSORED_UPDATES",)
    if type_ and type_ not in types:
        yield f"campaign_id: it is a {type_} campaign, and {kind} goes into {' or '.join(types)}"
    elif format_ and format_ not in FORMAT.get(kind, (format_,)):
        yield (
            f"campaign_id: its format is {format_}, and {kind} goes into {' or '.join(FORMAT[kind])}; "
            "a campaign keeps its format"
        )


def doubts(kind: str, campaign: Values) -> Iterable[str]:
    """What of it LinkedIn may refuse."""
    if kind in EARLY and campaign.get("type") and not campaign.get("format"):
        yield f"the campaign has no format: LinkedIn wants {FORMAT[kind][0]} set when it is made, for {kind}"


def needs_form(campaign: Values, given: Values) -> Iterable[str]:
    """Creatives for leads have a form, and messages have theirs inside."""
    leads = campaign.get("objectiveType") == "LEAD_GENERATION" and campaign.get("type") != "SPONSORED_INMAILS"
    if leads and not given.get("leadgenCallToAction"):
        yield (
            "leadgen_call_to_action: the campaign's objective is LEAD_GENERATION, so it needs a form; "
            "`lead_forms list` has them"
        )
