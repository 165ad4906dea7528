"""Rows looked at: conditions, order, totals. Pure."""
