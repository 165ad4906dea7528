"""What ads did: insights by day, level and breakdown."""
