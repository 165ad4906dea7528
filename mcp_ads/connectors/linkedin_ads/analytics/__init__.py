"""Reports: delivery, cost and results, by one pivot."""
