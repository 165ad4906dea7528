"""The host: connectors of organizations' users, kept and carried out over REST and MCP by one server."""
