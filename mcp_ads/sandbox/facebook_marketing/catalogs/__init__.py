"""What the advertiser sells: sets of products, and products."""
