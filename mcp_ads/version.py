"""Which release this is, for whatever names it."""

VERSION = "0.1.0"
