"""Profiles and portfolios."""
