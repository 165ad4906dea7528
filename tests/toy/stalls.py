"""The accounts."""

from mcp_ads.core import GET, NONE, Entity, Read

from .dialect import PAGES

LEAN = ("stall", "sign", "coin")


class ListStalls(Read):
    """List the stalls."""

    http, whose = GET("/stalls"), NONE
    pages, records, lean = PAGES, "sheets", LEAN


class GetStall(Read):
    """Read one stall."""

    stall_id: str

    http, lean = GET("/stalls/{stall_id}"), LEAN


stalls = Entity(list=ListStalls, get=GetStall)
