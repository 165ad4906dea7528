"""Actions that change nothing, from the call to its rows."""
