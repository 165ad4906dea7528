"""Pages as their own callers, Instagram accounts, lead forms and leads."""
