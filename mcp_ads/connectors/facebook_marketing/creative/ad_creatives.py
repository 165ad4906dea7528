"""Ad creatives: what an ad shows. Their content never changes: a new look is a new creative."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    PROMINENT,
    AdAccountId,
    GraphChecked,
    GraphGet,
    GraphRead,
    Object,
    ObjectId,
)
from mcp_ads.core import GET, POST, Entity

LEAN = ("id", "name", "status", "object_type", "title", "body", "call_to_action_type")
MORE = (
    *LEAN, "effective_object_story_id", "image_hash", "video_id", "link_url", "url_tags", "object_story_spec",
    "instagram_user_id",
)  # fmt: skip
SOURCES = (
    "object_story_spec", "object_story_id", "source_instagram_media_id", "asset_feed_spec", "product_set_id",
)  # fmt: skip


class ListAdCreatives(GraphRead):
    """List the ad creatives of one ad account."""

    account_id: AdAccountId

    http = GET("/act_{account_id}/adcreatives")
    node, pages, records, lean = "AdCreative", CURSOR, "data", LEAN


class GetAdCreative(GraphGet):
    """Read one ad creative, or several with a list of ids."""

    creative_id: ObjectId

    http = GET("/{creative_id}")
    node, subject, lean = "AdCreative", "creative_id", MORE


class CreateAdCreative(GraphChecked):
    """Create an ad creative from one source. Facebook answers with an existing one when it is the same."""

    account_id: AdAccountId
    name: Annotated[str | None, Field(max_length=100)] = None
    object_story_spec: Annotated[
        Object | None,
        Field(
            description='{"page_id": "…", "link_data": {"link": "…", "message": "…"}} or video_data.',
        ),
    ] = None
    object_story_id: Annotated[str | None, Field(description="An existing post, <page>_<post>.")] = None
    source_instagram_media_id: str | None = None
    instagram_user_id: str | None = None
    object_id: str | None = None
    product_set_id: str | None = None
    asset_feed_spec: Object | None = None
    degrees_of_freedom_spec: Object | None = None
    call_to_action: Object | None = None
    url_tags: str | None = None
    template_url_spec: Object | None = None
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
            "link_data": {"link": "https://example.com", "message": "New"},
        }
    }

    @model_validator(mode="after")
    def _has_source(self) -> Self:
        if not any(getattr(self, name) for name in SOURCES):
            raise ValueError(f"object_story_spec: missing; give one of {', '.join(SOURCES)}")
        story = self.object_story_spec
        if story is not None and "page_id" not in story:
            raise ValueError("object_story_spec: needs page_id")
        return self


ad_creatives = Entity(
    noun="creative",
    list=ListAdCreatives,
    get=GetAdCreative,
    create=CreateAdCreative,
)
