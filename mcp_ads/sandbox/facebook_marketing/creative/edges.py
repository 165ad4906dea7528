"""The edges of creatives, images and videos."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.delivery.labels import labelled
from mcp_ads.sandbox.facebook_marketing.objects import Edges

from . import creatives, images, previews, videos

EDGES: Edges = {
    "POST account/adimages": images.upload,
    "DELETE account/adimages": images.delete,
    "POST account/advideos": videos.post,
    "DELETE account/advideos": videos.delete,
    "GET video": videos.read,
    "GET video/thumbnails": videos.thumbnails,
    "DELETE video": videos.refuse_delete,
    "GET account/adcreativesbylabels": creatives.by_labels,
    "POST account/adcreatives": labelled(creatives.create),
    "GET ad/adcreatives": creatives.of_ad,
    "GET ad/previews": previews.listed,
    "GET creative/previews": previews.listed,
    "GET account/generatepreviews": previews.generated,
    "POST creative": labelled(creatives.update),
    "DELETE creative": creatives.delete,
}
