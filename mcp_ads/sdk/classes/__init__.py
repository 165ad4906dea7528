"""The connector classes, one module each, and what they share."""
