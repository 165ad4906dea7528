"""Creatives and what is shown in them."""

from .creatives import Creatives

RESOURCES = (Creatives().resource(),)
