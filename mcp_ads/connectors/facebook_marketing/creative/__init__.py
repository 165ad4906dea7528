"""What ads show: creatives and what they are made of."""
