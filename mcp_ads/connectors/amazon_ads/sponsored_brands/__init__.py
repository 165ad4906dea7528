"""Sponsored Brands, v4."""
