"""Databases of both kinds."""

from __future__ import annotations

from kept_records import shared, store
from postgres import cluster, database_url, postgres_url

__all__ = ["cluster", "database_url", "postgres_url", "shared", "store"]
