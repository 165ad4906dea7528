"""Writes by selection: which objects fit a condition on what is listed of them and what they did."""
