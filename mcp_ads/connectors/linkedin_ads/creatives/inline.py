"""A post that is made together with the creative that shows it, also in the place of an older one."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.types import Object
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail
from mcp_ads.core import Context, Flow, Leaves, Part, Request, Result, Shown, Wait, made_by
from mcp_ads.core.marks import Found
from mcp_ads.core.outline import Steps, has_mark
from mcp_ads.core.validate import build
from mcp_ads.errors import InvalidParams, NotFound

from . import content as rules
from . import replacing
from .forms import check_form
from .images import Picture, image_announced
from .media import Page, upload_parts, uploaded
from .new import NewCreative
from .post_body import MEDIA, SAYS, Commentary, PostWrite

NOT_YET = 4.0
"""Seconds until LinkedIn knows an image that was just uploaded; it answers 404 before."""
MOST_TRIED, NAMED_TRIED = 5, 2
"""How often it is asked again: of an image that was sent by now, and of media that a step before may have."""
MADE = re.compile(r"urn:li:sponsoredCreative:[0-9]+", re.ASCII)
NAMED = (*MEDIA, "thumbnail_id", "cards")
SHOWN = {"video_id": "video", "document_id": "document", "article": "article", "cards": "carousel"}
BY = "The Page it is by, an organization the member posts for: `reference` of accounts."
NEEDED = ("campaign_id", "author", "commentary")
STAYS = "undoing it takes the creative away, and leaves the post: `posts delete` removes that"


class CreateInline(NewCreative, PostWrite):
    """Create an ad with its post in a campaign, or edit what one says by `replaces`.

    It starts as DRAFT. With `file` an image is uploaded first; `image_id`, `video_id`, `document_id`,
    `article` or `cards` name what is there. `replaces` makes a new one with what is given, else the old
    one's, and pauses the old one.
    """

    campaign_id: Annotated[
        str | None,
        Urn("sponsoredCampaign"),
        Field(alias="campaign", description="Needed, unless it `replaces` one; so are author, commentary."),
    ] = None
    author: Annotated[Page | None, Field(description=BY)] = None  # type: ignore[assignment]
    commentary: Annotated[Commentary | None, Field(description=SAYS)] = None  # type: ignore[assignment]
    file: Picture | None = None
    dsc_name: Annotated[
        str | None, Field(exclude=True, max_length=255, description="The post's name in the account.")
    ] = None
    intended_status: Annotated[
        Literal["DRAFT", "ACTIVE"] | None, Field(description="ACTIVE submits it for review.")
    ] = None
    replaces: Annotated[
        str | None,
        Urn("sponsoredCreative", whole=True),
        Field(exclude=True, description="A creative whose place this takes, with the same status."),
    ] = None
    old: Annotated[Annotated[Object | None, Found()], Field(exclude=True)] = None

    new_id_at = "value.creative"
    said = (
        "edit ad copy, change headline text, change the text of an ad, new image for an ad, carousel, video "
        "ad, document ad"
    )
    sample: ClassVar[Mapping[str, Any]] = {
        "campaign_id": "300000001", "author": "2414183", "commentary": "Spring is here",
    }  # fmt: skip
    prominent: ClassVar[tuple[str, ...]] = (*PostWrite.prominent, "destination", "label")

    def _misfits(self) -> Iterable[str]:
        """What belongs to an image or a link may belong to that of the old one, which is not known before."""
        if not self.replaces or self.old:
            yield from super()._misfits()
        if str(self.replaces).startswith("@"):
            yield "replaces: it takes one that is there already, and no step makes it"
        for name in NEEDED:
            if not self.replaces and getattr(self, name) is None:
                yield f"{name}: missing; give it, or `replaces` with the creative that has it"

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        return ("creatives", self.replaces, replacing.READS) if self.replaces else None

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With what a creative that is replaced has. Raises InvalidParams where that is not enough."""
        call = super().settled(context, live)
        if not self.replaces or not live:
            return call
        given = {name: value for name, value in call if value is not None}
        if has_mark(live.get("post")):
            raise InvalidParams("replaces: the old post has a text like <… of request 1>, which plans write")
        more = replacing.taken_over(live, given)
        if wrong := list(replacing.mistakes(live, given | more)):
            raise InvalidParams("\n".join(wrong))
        check_form(more.get("leadgen_call_to_action"), live)
        kept = {name: live.get(name) for name in ("intendedStatus", "review", *replacing.SEEN)}
        return build(type(self), {**given, **more, "old": kept})

    def opens_form(self) -> bool:
        return bool(self.replaces) or super().opens_form()

    def sets(self) -> dict[str, Any]:
        names = {"campaign_id", "name", "intended_status", "leadgen_call_to_action"}
        given = self.model_dump(by_alias=True, exclude_none=True, include=names)
        return {"intendedStatus": "DRAFT", **given}

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        campaign = parents.get("campaign_id") or {}
        yield from rules.fits(self._kind(), campaign)
        yield from rules.needs_form(campaign, self.sets())

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        yield from rules.doubts(self._kind(), parents.get("campaign_id") or {})

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield STAYS
        if self.old and replacing.stopped(self.old):
            yield "undoing it does not switch the old one on again: `creatives activate` does"
        if self.old and replacing.stopped(self.old) == "PAUSED":
            yield "the old one stops at once; the new one is shown once it is ACTIVE and approved"

    def effect(self) -> str:
        says = self.says(f"{self.file['size']:,} bytes, {self.file['media']}" if self.file else "")
        if not self.replaces or not self.old:
            return says
        seen = (self.commentary, self.title, self.landing_page, self.call_to_action)
        new = dict(zip(replacing.SEEN, seen, strict=True))
        return f"{says}; {replacing.said(self.replaces, self.old, new)}"

    def outline(self) -> tuple[Part, ...]:
        media = made_by(1, "value.image") if self.file else None
        uploads = upload_parts(self._announced(self.file), self.file) if self.file else ()
        left = Leaves("creative", self.new_id_at, "creatives", "creative_id")
        stop = self._stop()
        line = "creates the post and its creative" if uploads or stop else ""
        create = Part(self._created(media), line, (self.new_id_at,), leaves=left if stop else None)
        if not stop:
            return (*uploads, create)
        does = replacing.DOES[replacing.stopped(self.old or {})]
        old, sets = tail(self.replaces), {"intendedStatus": replacing.stopped(self.old or {})}
        reads = {"creative_id": old, "fields": [*sets]}
        shown = Shown("creatives", "get", reads, f"it shows intendedStatus {sets['intendedStatus']}", sets)
        return (*uploads, create, Part(stop, f"{does} creative {old}", shown=shown))

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        image = (yield from uploaded(self._announced(self.file), self.file)) if self.file else None
        answer = yield from self._known(image)
        if stop := self._stop():
            yield stop
        return Result(answer)

    def doubt(self, answer: Any) -> str:
        value = answer.get("value") if isinstance(answer, dict) else None
        made = value.get("creative") if isinstance(value, dict) else None
        return "" if isinstance(made, str) and MADE.fullmatch(made) else "no new creative"

    def _known(self, image: str | None) -> Steps[Any]:
        """The answer to the creation; new media are not known at once, and nothing is made meanwhile."""
        named = any(getattr(self, name) for name in NAMED)
        for _ in range(MOST_TRIED if image else NAMED_TRIED if named else 0):
            try:
                return (yield self._created(image))
            except NotFound:
                yield Wait(NOT_YET)
        return (yield self._created(image))

    def _kind(self) -> str:
        pictured = "image" if self.file or self.image_id else ""
        return next((kind for name, kind in SHOWN.items() if getattr(self, name)), pictured)

    def _announced(self, file: Mapping[str, Any]) -> Request:
        return image_announced(self.account_id, str(self.author), str(file["name"]))

    def _created(self, image: str | None) -> Request:
        creative = {**self.sets(), "inlineContent": {"post": self.post(image, self.dsc_name)}}
        return Request(
            "POST", self.to_path(), {"action": "createInline"}, {"creative": creative}, risk="write"
        )

    def _stop(self) -> Request | None:
        status = replacing.stopped(self.old) if self.old else ""
        path = f"{self.to_path()}/{self.replaces}".replace(":", "%3A")
        return replacing.stopping(path, status) if status else None
