"""Ad creatives: what an ad shows. Their content never changes: a new look is a new creative."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing.delivery.ads import ListAds
from mcp_ads.connectors.facebook_marketing.delivery.base import AdStatus
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    NO_RESTORE,
    PROMINENT,
    AdAccountId,
    GraphChecked,
    GraphDelete,
    GraphGet,
    GraphRead,
    GraphWrite,
    Id,
    Object,
    ObjectId,
)
from mcp_ads.core import GET, POST, Action, Entity, States

from . import rules

LEAN = ("id", "name", "status", "object_type", "title", "body", "call_to_action_type")
MORE = (
    *LEAN, "effective_object_story_id", "image_hash", "video_id", "link_url", "url_tags", "object_story_spec",
    "instagram_user_id",
)  # fmt: skip
KEPT: list[AdStatus] = [
    "ACTIVE", "PAUSED", "ARCHIVED", "CAMPAIGN_PAUSED", "ADSET_PAUSED", "IN_PROCESS", "WITH_ISSUES",
    "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO",
]  # fmt: skip
"""The states of ads that are not deleted."""
STORED = States(fields=("status",), endings={"DELETED": "delete"})
"""Of what delivers nothing by itself: it is there, or deleted."""
MOST_NAMED = 5
Pixels = Annotated[int | None, Field(ge=1, le=1080, description="Of thumbnail_url; 64 unless given.")]


def _of_today(story: Any) -> Any:
    """The Instagram account of a story by the name it has had since 2025."""
    if not isinstance(story, dict) or "instagram_actor_id" not in story:
        return story
    renamed = {"instagram_user_id": story["instagram_actor_id"]} | story
    return {name: value for name, value in renamed.items() if name != "instagram_actor_id"}


Story = Annotated[
    Object | None,
    BeforeValidator(_of_today),
    Field(
        description='{"page_id": "…", "link_data": {"link": "https://…", "message": "…", "image_hash": '
        '"<hash of an image>"}}, or video_data.'
    ),
]


class ListAdCreatives(GraphRead):
    """List the ad creatives of one ad account, those with certain labels if there are some."""

    account_id: AdAccountId
    ad_label_ids: Annotated[
        list[Id] | None, Field(exclude=True, min_length=1, description="`ad_labels list` has them.")
    ] = None
    label_operator: Annotated[
        Literal["ANY", "ALL"], Field(exclude=True, description="ANY of these labels, or ALL of them.")
    ] = "ANY"

    http = GET("/act_{account_id}/adcreatives")
    node, pages, records, lean = "AdCreative", CURSOR, "data", LEAN

    def to_path(self) -> str:
        return f"{super().to_path()}bylabels" if self.ad_label_ids else super().to_path()

    def to_query(self) -> Mapping[str, Any]:
        labels = {"ad_label_ids": self.ad_label_ids, "operator": self.label_operator}
        return {**super().to_query(), **(labels if self.ad_label_ids else {})}


class GetAdCreative(GraphGet):
    """Read one ad creative, or several with a list of ids. Addresses of pictures in it expire."""

    creative_id: ObjectId
    thumbnail_width: Pixels = None
    thumbnail_height: Pixels = None

    http = GET("/{creative_id}")
    node, subject, lean = "AdCreative", "creative_id", MORE


class CreateAdCreative(GraphChecked):
    """Create an ad creative from one source. Facebook answers with an existing one when it is the same."""

    account_id: AdAccountId
    name: Annotated[str | None, Field(max_length=100)] = None
    object_story_spec: Story = None
    object_story_id: Annotated[str | None, Field(description="An existing post, <page>_<post>.")] = None
    source_instagram_media_id: str | None = None
    instagram_user_id: str | None = None
    object_id: str | None = None
    product_set_id: str | None = None
    asset_feed_spec: Annotated[
        Object | None, Field(description="bodies, titles, images, link_urls, … that Facebook combines.")
    ] = None
    degrees_of_freedom_spec: Annotated[
        Object | None, Field(description="Which enhancements Facebook may make by itself.")
    ] = None
    call_to_action: Object | None = None
    url_tags: Annotated[str | None, Field(description="Added to the link: utm_source=facebook.")] = None
    template_url_spec: Object | None = None
    applink_treatment: (
        Literal["automatic", "deeplink_with_appstore_fallback", "deeplink_with_web_fallback", "web_only"]
        | None
    ) = None
    contextual_multi_ads: Object | None = None
    authorization_category: str | None = None
    branded_content: Object | None = None
    adlabels: list[Object] | None = None

    http, does, shares = POST("/act_{account_id}/adcreatives"), "makes", True
    aliases = {"instagram_actor_id": "instagram_user_id"}
    prominent = PROMINENT

    def lookup(self) -> Mapping[str, Any]:
        """The edge has no filter by name."""
        return {"account_id": self.account_id, "fields": ["id", "name"]}

    sample = {
        "object_story_spec": {
            "page_id": "1234",
            "link_data": {
                "link": "https://example.com",
                "message": "New",
                "image_hash": "02bee5277ec507b6fd0f9b9ff2f22d9c",
            },
        }
    }

    @model_validator(mode="after")
    def _has_source(self) -> Self:
        if mistakes := list(rules.source(self.sent())):
            raise ValueError("\n".join(mistakes))
        return self

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from rules.doubts(self.sent())


class OneAdCreative(GraphWrite):
    """What changing a creative takes: what it shows never changes, and while ads use it, it stays."""

    creative_id: ObjectId

    http, subject, watch = POST("/{creative_id}"), "creative_id", ("name", "status")
    states = STORED
    final = {"DELETED": NO_RESTORE}

    def asides(self, account: str) -> Mapping[str, Action]:
        """The ads of the account: Facebook does not say of a creative which use it."""
        if self.sets().get("status") != "DELETED":
            return {}
        fields = ["name", "effective_status", "creative"]
        return {"ads": ListAds(account_id=account, effective_status=KEPT, fields=fields)}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        if live.get("status") == "DELETED":
            return "it is deleted already"
        users = [ad for ad in live.get("ads") or () if (ad.get("creative") or {}).get("id") == live.get("id")]
        if not users:
            return ""
        named = ", ".join(f'{ad["id"]} "{str(ad.get("name"))[:60]}"' for ad in users[:MOST_NAMED])
        more = f" and {len(users) - MOST_NAMED} more" if len(users) > MOST_NAMED else ""
        count = "1 ad uses it" if len(users) == 1 else f"{len(users)} ads use it"
        return f"{count}, and Facebook keeps it while one does: {named}{more}"


class UpdateAdCreative(OneAdCreative):
    """Rename or label ad creatives. What one shows cannot be edited: another look is another creative."""

    name: Annotated[str | None, Field(min_length=1, max_length=100)] = None
    adlabels: Annotated[
        list[Object] | None, Field(description='[{"name": "Autumn"}] or by id; replaces all it has.')
    ] = None
    status: Literal["DELETED"] | None = None

    sample = {"name": "Spring sale, red shoes"}


class DeleteAdCreative(GraphDelete, OneAdCreative):
    """Delete ad creatives that no ad uses."""

    obstacle = OneAdCreative.obstacle


ad_creatives = Entity(
    noun="creative",
    list=ListAdCreatives,
    get=GetAdCreative,
    create=CreateAdCreative,
    update=UpdateAdCreative,
    delete=DeleteAdCreative,
)
