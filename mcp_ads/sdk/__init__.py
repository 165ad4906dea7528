"""The Python API: connect() and Client."""
