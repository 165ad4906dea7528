"""`mcp-ads host …`: a server that keeps connectors for organizations."""
