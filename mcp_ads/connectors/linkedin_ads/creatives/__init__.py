"""Creatives and what is shown in them."""
