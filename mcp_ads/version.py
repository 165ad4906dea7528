"""Which release this is, for whatever names it."""

__version__ = "0.1.0"
