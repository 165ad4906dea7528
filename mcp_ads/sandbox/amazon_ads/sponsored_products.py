"""Sponsored Products: every operation of its nine resources."""

from __future__ import annotations

from .sp_table import RESOURCES
from .v3 import operations

OPERATIONS = tuple(each for resource in RESOURCES for each in operations(resource))
