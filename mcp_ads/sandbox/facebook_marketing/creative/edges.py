"""The edges of creatives, images and videos."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.objects import Edges, listing, node

from . import creatives, images, videos

EDGES: Edges = {
    "GET account/adimages": listing("image", fits=images.fits),
    "POST account/adimages": images.upload,
    "DELETE account/adimages": images.delete,
    "GET image": node,
    "GET account/advideos": listing("video", fits=videos.fits),
    "POST account/advideos": videos.post,
    "DELETE account/advideos": videos.delete,
    "GET video": videos.read,
    "GET video/thumbnails": videos.thumbnails,
    "DELETE video": videos.refuse_delete,
    "GET account/adcreatives": listing("creative"),
    "POST account/adcreatives": creatives.create,
    "GET ad/adcreatives": creatives.of_ad,
    "GET creative": node,
    "POST creative": creatives.update,
    "DELETE creative": creatives.delete,
}
