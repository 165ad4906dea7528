"""A post that only ads show: what it says and shows, whether it is made alone or with its creative."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinWrite
from mcp_ads.connectors.linkedin_ads.urns import Urn, urn

from .media import Page

_RESERVED = re.compile(r"[|{}@\[\]()<>\\*_~]|#(?!\w)")
"""What LinkedIn's "little text" takes for its own marks; a word's hash is a hashtag, and stays one."""
_MARKS = re.compile(
    r"\{hashtag\|\\?#\|(?P<tag>[^|{}]*)\}|@\[(?P<name>[^\[\]]*)\]\([^()]*\)|\\(?P<sign>[|{}@\[\]()<>\\*_~#])"
)
"""A hashtag, a mention, and an escaped sign, as LinkedIn gives a text back."""
_MENTION = re.compile(r"(@\[[^\[\]\\]+\]\(urn:li:(?:organization|person|company):[\w-]+\))")
"""Somebody or some Page that a text names, and links to."""
Label = Literal[
    "APPLY", "DOWNLOAD", "VIEW_QUOTE", "LEARN_MORE", "SIGN_UP", "SUBSCRIBE", "REGISTER", "JOIN", "ATTEND",
    "REQUEST_DEMO", "SEE_MORE", "BUY_NOW", "SHOP_NOW",
]  # fmt: skip
Address = Annotated[str, Field(pattern=r"^https?://[^\s/]\S*$", examples=["https://example.com/spring"])]
ImageId = Annotated[
    str, Urn("image", whole=True, digits=False), Field(examples=["urn:li:image:C4E10AQG2414183"])
]
CONTENTS = ("file", "image_id", "video_id", "document_id", "article", "cards")
"""Parameters with what a post shows, of which it has one at most; not every action has all of them."""
MEDIA = ("image_id", "video_id", "document_id")


class Card(BaseModel):
    """One card of a carousel: an image, where a click on it goes, its headline."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    image_id: ImageId
    landing_page: Address
    title: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, given: Any) -> Any:
        """LinkedIn's own {"media": {"id", "title"}, "landingPage"} is a card too."""
        if not isinstance(given, dict) or not isinstance(given.get("media"), dict):
            return given
        names = {"id": "image_id", "landingPage": "landing_page"}
        parts = {**{name: value for name, value in given.items() if name != "media"}, **given["media"]}
        return {names.get(name, name): value for name, value in parts.items()}


SAYS = "The text as people read it; #words are hashtags, @[name](urn:li:organization:…) a mention."
Commentary = Annotated[
    str, Field(min_length=1, max_length=3000, examples=["Spring is here"], description=SAYS)
]


class PostWrite(LinkedinWrite):
    """What a post says and shows, and that no feed has it: only the ads of its account show it."""

    author: Page
    commentary: Commentary
    image_id: Annotated[ImageId | None, Field(description="An image that is there.")] = None
    video_id: Annotated[str | None, Urn("video", whole=True, digits=False)] = None
    document_id: Annotated[str | None, Urn("document", whole=True, digits=False)] = None
    article: Annotated[
        Address | None, Field(description="A link as content, with title and thumbnail_id.")
    ] = None
    cards: Annotated[
        list[Card] | None,
        Field(
            min_length=2,
            max_length=10,
            description='2 to 10 of a carousel: {"image_id": …, "landing_page": …, "title": …}.',
        ),
    ] = None
    title: Annotated[str | None, Field(description="Headline of what is shown.")] = None
    alt_text: Annotated[str | None, Field(description="Of the image or video, for who cannot see it.")] = None
    description: Annotated[str | None, Field(description="Of an article.")] = None
    thumbnail_id: Annotated[ImageId | None, Field(description="Image of an article.")] = None
    landing_page: Annotated[Address | None, Field(description="Where a click goes.")] = None
    call_to_action: Annotated[Label | None, Field(description="The button; needs landing_page.")] = None

    prominent: ClassVar[tuple[str, ...]] = (
        "author", "title", "alt_text", "description", *MEDIA, "thumbnail_id", "landing_page",
        "call_to_action",
    )  # fmt: skip

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if mistakes := list(self._misfits()):
            raise ValueError("\n".join(mistakes))
        return self

    def _misfits(self) -> Iterable[str]:
        shown = [name for name in CONTENTS if getattr(self, name, None)]
        if len(shown) > 1:
            yield f"{', '.join(shown)}: one of them"
        of_media = ("title", "alt_text") if not shown else ("alt_text",) if self.article else ()
        of_media = ("title", "alt_text") if shown == ["cards"] else of_media
        for name in (name for name in of_media if getattr(self, name)):
            yield f"{name}: it belongs to an image, video or document, and the post shows none"
        for name in ("description", "thumbnail_id"):
            if getattr(self, name) and not self.article:
                yield f"{name}: it belongs to an article, and the post shows none"
        if self.call_to_action and not self.landing_page:
            yield "landing_page: a call to action needs one"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.article and not self.title:
            yield "article: LinkedIn does not read the page, so that the link has no headline without title"

    def says(self, media: str = "") -> str:
        """What is posted, as a person reads it; `media` is what will be uploaded for it."""
        shown = [media] if media else [str(value) for name in MEDIA if (value := getattr(self, name))]
        shown += [self.article] if self.article else []
        shown += [f"{len(self.cards)} cards"] if self.cards else []
        text = json.dumps(self.commentary, ensure_ascii=False)
        return f"posts {text}{f' with {shown[0]}' if shown else ''}"

    def post(self, media: str | None = None, name: str | None = None) -> dict[str, Any]:
        """The post as LinkedIn has it: `media` is an uploaded image, `name` what the account calls it."""
        context = {
            "dscAdAccount": urn("sponsoredAccount", self.account_id), "dscStatus": "ACTIVE", "dscName": name,
        }  # fmt: skip
        spread = {"feedDistribution": "NONE", "targetEntities": [], "thirdPartyDistributionChannels": []}
        return given({
            "adContext": given(context),
            "author": urn("organization", self.author),
            "commentary": escaped(self.commentary),
            "visibility": "PUBLIC",
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
            "distribution": spread,
            "content": self._content(media),
            "contentLandingPage": self.landing_page,
            "contentCallToActionLabel": self.call_to_action,
        })  # fmt: skip

    def _content(self, media: str | None) -> dict[str, Any] | None:
        if self.article:
            about = {"title": self.title, "description": self.description, "thumbnail": self.thumbnail_id}
            return {"article": given({"source": self.article, **about})}
        if self.cards:
            return {"carousel": {"cards": [_card(card) for card in self.cards]}}
        shown = media or self.image_id or self.video_id or self.document_id
        about = {"id": shown, "title": self.title, "altText": self.alt_text}
        return {"media": given(about)} if shown else None


def escaped(text: str) -> str:
    """A text as LinkedIn shows it, as its "little text": each sign that means something there is escaped.

    A mention, @[name](urn:li:organization:…), stays one.
    """
    parts = enumerate(_MENTION.split(text))
    return "".join(part if at % 2 else _RESERVED.sub(r"\\\g<0>", part) for at, part in parts)


def written(text: str) -> str:
    """LinkedIn's "little text" as one would write it, for `escaped`; a # that was no hashtag becomes one."""
    return "".join(part if at % 2 else plain(part) for at, part in enumerate(_MENTION.split(text)))


def plain(text: str) -> str:
    """LinkedIn's "little text" as people read it."""
    return _MARKS.sub(
        lambda mark: f"#{mark['tag']}" if mark["tag"] is not None else mark["name"] or mark["sign"] or "",
        text,
    )


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that there are."""
    return {name: value for name, value in values.items() if value is not None}


def _card(card: Card) -> dict[str, Any]:
    return {"media": given({"id": card.image_id, "title": card.title}), "landingPage": card.landing_page}
