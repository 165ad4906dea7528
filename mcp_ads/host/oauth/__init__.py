"""Consents: asked for, answered, and made connectors of."""
