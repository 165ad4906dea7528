"""Pages and Instagram accounts that ads are published by, businesses, lead forms and leads."""
