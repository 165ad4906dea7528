"""Series: posters that are lit together."""

from typing import Literal

from mcp_ads.core import GET, OBJECT, POST, Entity, Read

from .dialect import KioskWrite

LEAN = ("ref", "slogan", "glow")


class GetSeries(Read):
    """Read one series."""

    series_id: str

    http, lean = GET("/things/{series_id}"), LEAN
    subject, whose = "series_id", OBJECT


class ActivateSeries(KioskWrite):
    """Light one series: what it costs stands on its posters."""

    series_id: str
    glow: Literal["lit"] = "lit"

    http, subject, whose = POST("/things/{series_id}"), "series_id", OBJECT
    name_at, watch, children = "slogan", LEAN[1:], ("posters", "series_id")


series = Entity(noun="series", get=GetSeries, activate=ActivateSeries)
