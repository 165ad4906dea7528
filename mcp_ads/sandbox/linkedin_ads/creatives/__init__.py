"""Creatives and what is shown in them."""

from starlette.requests import Request
from starlette.responses import Response

from mcp_ads.sandbox.store import Store

from . import media
from .ad_previews import AD_PREVIEWS
from .creatives import Creatives
from .documents import Documents
from .images import Images
from .posts import Posts, fill
from .videos import Videos

__all__ = ["MEDIA", "RESOURCES", "fill", "receive"]

MEDIA = (Images(), Videos(), Documents())
RESOURCES = (Creatives().resource(), AD_PREVIEWS, Posts().resource(), *(kind.resource() for kind in MEDIA))


async def receive(store: Store, request: Request) -> Response:
    """PUT of a file's bytes to the address that was announced for them."""
    return await media.receive(store, request, {kind.noun: kind for kind in MEDIA})
