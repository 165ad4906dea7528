"""Sponsored Brands."""

from __future__ import annotations

from .data import fill
from .table import OPERATIONS

__all__ = ["OPERATIONS", "fill"]
