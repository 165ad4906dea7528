"""Images: what posts and creatives show, from their upload on."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import GET, POST, Entity, Request
from mcp_ads.core.upload import Upload, UploadedFile

from .media import LibraryUpload, MediaRead, announced, library

KINDS = ("image/jpeg", "image/png", "image/gif")
MOST_BYTES = 200 * 2**20
"""LinkedIn bounds an image's pixels, not its bytes."""
Picture = Annotated[
    UploadedFile,
    Upload(KINDS, MOST_BYTES),
    Field(
        description="JPEG, PNG or GIF: the name of a file inside MCP_ADS_FILES, or base64 up to 1 MB.",
        examples=["iVBORw0KGgo="],
    ),
]

ImageIds = Annotated[
    str | list[str],
    Urn("image", "either", whole=True, digits=False),
    Field(examples=["urn:li:image:C4E10AQG2414183"], description="One, or a list."),
]


class GetImage(MediaRead):
    """Read whether images are ready: WAITING_UPLOAD, PROCESSING, AVAILABLE or PROCESSING_FAILED."""

    image_id: ImageIds

    http, subject = GET("/images/{image_id}"), "image_id"
    known = ("id", "status", "owner", "aspectRatioWidth", "aspectRatioHeight")


class UploadImage(LibraryUpload):
    """Upload an image of a Page for the ads of one account, and wait until it can be used."""

    file: Picture

    http, noun = POST("/images"), "image"


def image_announced(account_id: str, owner: str, name: str) -> Request:
    """The request for an address to which the bytes of an image go."""
    return announced("image", owner, mediaLibraryMetadata=library(account_id, name))


images = Entity(get=GetImage, upload=UploadImage)
