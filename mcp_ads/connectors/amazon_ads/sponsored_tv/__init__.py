"""Sponsored TV: video ads on streaming services, bought by the thousand impressions."""
