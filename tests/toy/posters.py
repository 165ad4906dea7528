"""Posters: listed, read, made, changed, lit, darkened, torn."""

from typing import Annotated, Literal

from mcp_ads.core import DELETE, GET, OBJECT, POST, Amount, Delete, Entity, Read

from .dialect import PAGES, KioskWrite, Millionths

LEAN = ("ref", "slogan", "glow", "a_day")
Daily = Annotated[Amount | None, Millionths("day", "minor")]
Ceiling = Annotated[Amount | None, Millionths("lifetime", "minor", role="cap")]


class ListPosters(Read):
    """List the posters of one stall."""

    stall_id: str
    slogan: str | None = None
    series_id: str | None = None

    http = GET("/stalls/{stall_id}/posters")
    pages, records, lean = PAGES, "sheets", LEAN


class GetPoster(Read):
    """Read one poster."""

    poster_id: str

    http, lean = GET("/things/{poster_id}"), LEAN
    subject, whose = "poster_id", OBJECT


class PosterWrite(KioskWrite):
    """A change of one poster."""

    new_id_at, name_at, whose = "ref", "slogan", OBJECT
    watch = ("slogan", "glow", "seen", "a_day")


class CreatePoster(PosterWrite):
    """Hang a new poster, dark."""

    stall_id: str
    slogan: str
    a_day: Daily = None
    glow: Literal["dark", "lit"] = "dark"

    http, does = POST("/stalls/{stall_id}/posters"), "makes"

    def lookup(self) -> dict[str, str]:
        return {"stall_id": self.stall_id, "slogan": self.slogan}


class OnePoster(PosterWrite):
    """A change of a poster that hangs."""

    poster_id: str

    http, subject = POST("/things/{poster_id}"), "poster_id"


class UpdatePoster(OnePoster):
    """Change one poster."""

    slogan: str | None = None
    a_day: Daily = None
    at_most: Ceiling = None
    glow: Literal["dark", "lit", "torn"] | None = None


class ActivatePoster(OnePoster):
    """Light one poster."""

    glow: Literal["lit"] = "lit"


class PausePoster(OnePoster):
    """Darken one poster."""

    glow: Literal["dark"] = "dark"


class DeletePoster(OnePoster, Delete):
    """Tear one poster down."""

    http, irreversible = DELETE("/things/{poster_id}"), "paper does not mend"

    def sets(self) -> dict[str, str]:
        return {"glow": "torn"}


posters = Entity(
    list=ListPosters,
    get=GetPoster,
    create=CreatePoster,
    update=UpdatePoster,
    activate=ActivatePoster,
    pause=PausePoster,
    delete=DeletePoster,
)
