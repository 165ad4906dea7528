"""Pages, the Ad Library, and what the token may do."""
