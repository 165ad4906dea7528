"""Tools for agent frameworks, made of a connector."""

from .connector_tools import ConnectorTools, build_connector_tools

__all__ = ["ConnectorTools", "build_connector_tools"]
