"""Matched audiences, targeting and how many people it reaches."""
