"""Tools for agent frameworks, made of a connector."""
