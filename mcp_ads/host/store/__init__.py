"""What the host keeps: organizations, clients, workspaces, connectors, grants, tokens; and records."""
