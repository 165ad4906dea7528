"""Reports: ordered, built for a while, and fetched as a file from another host."""
