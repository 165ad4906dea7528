"""Creatives: what a campaign shows."""

from mcp_ads.core import Entity

from .changes import ActivateCreative, ArchiveCreative, DeleteCreative, PauseCreative, UpdateCreative
from .inline import CreateInline
from .new import CreateCreative
from .reads import GetCreative, ListCreatives

__all__ = ["GetCreative", "ListCreatives", "creatives"]

creatives = Entity(
    list=ListCreatives,
    get=GetCreative,
    create=CreateCreative,
    create_inline=CreateInline,
    update=UpdateCreative,
    pause=PauseCreative,
    activate=ActivateCreative,
    archive=ArchiveCreative,
    delete=DeleteCreative,
)
