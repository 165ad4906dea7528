"""Sponsored TV: every operation of its five resources."""

from __future__ import annotations

from .data import fill
from .operations import OPERATIONS

__all__ = ["OPERATIONS", "fill"]
