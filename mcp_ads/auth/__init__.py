"""Who is calling: credentials on every request, fresh when they expire."""
