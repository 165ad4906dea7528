"""Images: what posts and creatives show, from their upload on."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import Get
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import GET, Entity
from mcp_ads.core.owner import via

ImageIds = Annotated[
    str | list[str],
    Urn("image", "either", whole=True, digits=False),
    Field(examples=["urn:li:image:C4E10AQFoyyAjHPMQuQ"], description="One, or a list."),
]
IMAGE = ("id", "status", "owner", "aspectRatioWidth", "aspectRatioHeight")


class GetImage(Get):
    """Read whether images are ready: WAITING_UPLOAD, PROCESSING, AVAILABLE or PROCESSING_FAILED."""

    image_id: ImageIds

    http, whose = GET("/images/{image_id}"), via("Page")
    subject, known, lean = "image_id", IMAGE, ("id", "status", "owner")

    def to_query(self) -> Mapping[str, Any]:
        """Only these fields: an image's download address is signed, and opens it to whoever has it."""
        return {"fields": list(IMAGE)}


images = Entity(get=GetImage)
