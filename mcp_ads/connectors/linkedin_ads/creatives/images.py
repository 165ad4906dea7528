"""Images: what posts and creatives show, from their upload on."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import Get, LinkedinWrite
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import GET, POST, Context, Entity, File, Flow, Leaves, Part, Request, Result, Wait, made_by
from mcp_ads.core.outline import Steps
from mcp_ads.core.owner import via
from mcp_ads.core.upload import Upload, UploadedFile
from mcp_ads.errors import Rejected

LOOK_AGAIN = 3.0
BEGUN = ("value.uploadUrl", "value.image")
IMAGE_URN = "urn:li:image:"
Page = Annotated[
    str,
    Urn("organization"),
    Field(
        examples=["2414183"],
        description="The Page it is by, an organization the member posts for: `reference` of accounts.",
    ),
]
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


class UploadImage(LinkedinWrite):
    """Upload an image of a Page for the ads of one account, and wait until it can be used."""

    account_id: AccountId
    owner: Page
    file: Picture
    name: Annotated[str | None, Field(description="Its name in the account's media library.")] = None

    http, does = POST("/images"), "makes"

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        return f"uploads {self.file['size']:,} bytes, {self.file['media']}"

    def outline(self) -> tuple[Part, ...]:
        return upload_parts(self._announced(), self.file)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        image = yield from uploaded(self._announced(), self.file)
        return Result({"id": image})

    def doubt(self, answer: Any) -> str:
        made = answer.get("id") if isinstance(answer, dict) else None
        return "" if str(made).startswith(IMAGE_URN) else "no image"

    def _announced(self) -> Request:
        return announced(self.account_id, self.owner, self.name or self.file["name"])


def announced(account_id: str, owner: str, name: str) -> Request:
    """The request for an address to which the bytes of an image go, and the URN it will have."""
    library = {"associatedAccount": f"urn:li:sponsoredAccount:{account_id}", "assetName": name}
    asked = {"owner": f"urn:li:organization:{owner}", "mediaLibraryMetadata": library}
    body = {"initializeUploadRequest": asked}
    return Request("POST", "/images", {"action": "initializeUpload"}, body, risk="write")


def upload_parts(begin: Request, file: Mapping[str, Any]) -> tuple[Part, ...]:
    """The requests of `uploaded`."""
    left = Leaves("image", "value.image", "images", "image_id")
    return (
        Part(begin, "asks for an address to send the image to", BEGUN, leaves=left),
        Part(_sent(made_by(1, "value.uploadUrl"), file), "sends the image"),
    )


def uploaded(begin: Request, file: Mapping[str, Any]) -> Steps[str]:
    """The URN of an image that was sent and is ready. Raises Rejected when LinkedIn cannot use it."""
    begun = (yield begin)["value"]
    yield _sent(str(begun["uploadUrl"]), file)
    image = str(begun["image"])
    look = GetImage.model_validate({"image_id": image}).to_request()
    while (status := (yield look).get("status")) != "AVAILABLE":
        if status == "PROCESSING_FAILED":
            raise Rejected("LinkedIn has the image and cannot use it")
        yield Wait(LOOK_AGAIN)
    return image


def _sent(address: str, file: Mapping[str, Any]) -> Request:
    return Request("PUT", address, body=File.of(file), risk="write", signed=True)


images = Entity(get=GetImage, upload=UploadImage)
