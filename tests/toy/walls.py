"""Walls: the town's."""

from typing import Literal

from mcp_ads.core import GET, POST, Entity, Read, via

from .dialect import KioskWrite

TOWN = via("town")


class GetWall(Read):
    """Read one wall."""

    wall_id: str

    http, lean, subject, whose = GET("/things/{wall_id}"), ("ref", "color"), "wall_id", TOWN


class PaintWall(KioskWrite):
    """Paint one wall."""

    wall_id: str
    color: Literal["white", "green"]

    http, subject, whose = POST("/things/{wall_id}"), "wall_id", TOWN
    watch = ("color",)


walls = Entity(get=GetWall, update=PaintWall)
