"""What images, videos and documents share: announced, sent to addresses of their own, then worked on."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import quote

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import Get, LinkedinWrite
from mcp_ads.connectors.linkedin_ads.urns import Urn, urn
from mcp_ads.core import Context, File, Flow, Leaves, Part, Request, Result, Wait, made_by, via
from mcp_ads.core.outline import Steps
from mcp_ads.core.upload import Upload, UploadedFile
from mcp_ads.errors import Rejected

LOOK_AGAIN = 3.0
Page = Annotated[
    str,
    Urn("organization"),
    Field(
        examples=["2414183"],
        description="The Page it is by, an organization the member posts for: `reference` of accounts.",
    ),
]


class MediaRead(Get):
    """Reads media of a Page by `known` fields alone: a download address opens them to whoever has it."""

    whose, lean = via("Page"), ("id", "status", "owner")

    def to_query(self) -> Mapping[str, Any]:
        return {"fields": list(self.known)}


class MediaUpload(LinkedinWrite):
    """Sends a file of a Page and waits until it can be used; each kind of media says what `file` may be."""

    owner: Page
    file: Annotated[UploadedFile, Upload((), 0)]

    does = "makes"
    noun: ClassVar[str]

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        file = self.file
        named = json.dumps(str(file["name"]), ensure_ascii=False)
        return f"uploads {named}, {file['size']:,} bytes, {file['media']}, of the Page {self.owner}"

    def remark(self, answer: Any) -> str:  # noqa: ARG002 - it ends when the status read last says so
        return "ready: posts and creatives can show it"

    def outline(self) -> tuple[Part, ...]:
        return upload_parts(self.announced(), self.file)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        return Result({"id": (yield from uploaded(self.announced(), self.file))})

    def doubt(self, answer: Any) -> str:
        made = answer.get("id") if isinstance(answer, dict) else None
        return "" if str(made).startswith(urn(self.noun, "")) else f"no {self.noun}"

    def announced(self) -> Request:
        """The request for an address to which the file goes."""
        return announced(self.noun, self.owner)


class LibraryUpload(MediaUpload):
    """The same of what stands in the media library of the account, under a name."""

    name: Annotated[str | None, Field(description="Its name in the account's media library.")] = None

    def announced(self) -> Request:
        own = library(self.account_id, self.name or self.file["name"])
        return announced(self.noun, self.owner, **self.more(), mediaLibraryMetadata=own)

    def more(self) -> dict[str, Any]:
        """What else LinkedIn is told of the file."""
        return {}


def announced(noun: str, owner: str, **about: Any) -> Request:
    """The request for an address to which the bytes of an image, … go, and the URN it will have."""
    asked = {"owner": urn("organization", owner), **about}
    body = {"initializeUploadRequest": asked}
    return Request("POST", f"/{noun}s", {"action": "initializeUpload"}, body, risk="write")


def library(account_id: str, name: str) -> dict[str, str]:
    """Where in which account's media library something stands."""
    return {"associatedAccount": urn("sponsoredAccount", account_id), "assetName": name}


def upload_parts(begin: Request, file: Mapping[str, Any]) -> tuple[Part, ...]:
    """The requests of `uploaded`."""
    noun = _noun(begin)
    begun = Part(
        begin,
        f"asks for an address to send the {noun} to",
        ("value.uploadUrl", f"value.{noun}"),
        leaves=left(noun),
    )
    return (begun, Part(_sent(made_by(1, "value.uploadUrl"), file), f"sends the {noun}"))


def left(noun: str) -> Leaves:
    """What an announcement leaves on the platform."""
    return Leaves(noun, f"value.{noun}", f"{noun}s", f"{noun}_id")


def uploaded(begin: Request, file: Mapping[str, Any]) -> Steps[str]:
    """The URN of what was sent and is ready. Raises Rejected when LinkedIn cannot use it."""
    noun, begun = _noun(begin), (yield begin)["value"]
    yield _sent(str(begun["uploadUrl"]), file)
    return (yield from ready(noun, str(begun[noun])))


def ready(noun: str, id: str) -> Steps[str]:
    """The URN of media, once it can be used. Raises Rejected when it never will be."""
    look = Request("GET", f"/{noun}s/{quote(id, safe='')}", {"fields": ["id", "status"]})
    while (status := (yield look).get("status")) != "AVAILABLE":
        if status == "PROCESSING_FAILED":
            raise Rejected(f"LinkedIn has the {noun} and cannot use it")
        yield Wait(LOOK_AGAIN)
    return id


def _noun(begin: Request) -> str:
    return begin.path.strip("/").removesuffix("s")


def _sent(address: str, file: Mapping[str, Any]) -> Request:
    return Request("PUT", address, body=File.of(file), risk="write", signed=True)
