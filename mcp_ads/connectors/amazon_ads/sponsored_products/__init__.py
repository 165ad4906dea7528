"""Sponsored Products, v3: campaigns, ad groups, and the ads and keywords in them."""
