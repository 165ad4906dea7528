"""Stickers: there is no reading them."""

from mcp_ads.core import POST, Entity

from .dialect import KioskWrite


class CreateSticker(KioskWrite):
    """Stick one."""

    stall_id: str
    slogan: str

    http, does, made, label = POST("/stalls/{stall_id}/stickers"), "makes", "ref", "slogan"


stickers = Entity(create=CreateSticker)
