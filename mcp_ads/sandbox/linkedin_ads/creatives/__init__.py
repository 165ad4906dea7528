"""Creatives and what is shown in them."""

from .creatives import Creatives
from .images import Images

RESOURCES = (Creatives().resource(), Images().resource())
