"""Brands, Stores and the library of images and videos."""

from __future__ import annotations

from .assets import OPERATIONS as ASSETS
from .brands import OPERATIONS as BRANDS

OPERATIONS = (*BRANDS, *ASSETS)
