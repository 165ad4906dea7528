"""Audiences: the people ads are shown to, or are not."""
