"""The REST API, a router for each thing it has."""
