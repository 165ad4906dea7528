"""Stickers: there is no reading them."""

from mcp_ads.core import POST, Entity

from .dialect import KioskWrite


class CreateSticker(KioskWrite):
    """Stick one."""

    stall_id: str
    slogan: str

    http, does, new_id_at, name_at = POST("/stalls/{stall_id}/stickers"), "makes", "ref", "slogan"


stickers = Entity(create=CreateSticker)
