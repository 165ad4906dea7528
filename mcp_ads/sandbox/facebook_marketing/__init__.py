"""A make-believe graph.facebook.com."""

from .errors import fault
from .routes import app

__all__ = ["app", "fault"]
