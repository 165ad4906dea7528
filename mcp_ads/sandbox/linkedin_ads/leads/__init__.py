"""Conversions and leads: what ads bring."""

from .associations import ASSOCIATIONS
from .conversions import Conversions
from .events import EVENTS
from .forms import FORMS, RESPONSES
from .seed import fill
from .tags import TAGS

RESOURCES = (Conversions().resource(), ASSOCIATIONS, EVENTS, TAGS, FORMS, RESPONSES)

__all__ = ["RESOURCES", "fill"]
