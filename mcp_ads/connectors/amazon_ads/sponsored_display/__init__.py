"""Sponsored Display: the generation of plain JSON, bare arrays and states in lower case."""
