"""Campaigns, ad sets and ads: what delivers, and what it may spend."""
