"""Reports of all ad products: which there are, how one is ordered, and what its rows mean."""
