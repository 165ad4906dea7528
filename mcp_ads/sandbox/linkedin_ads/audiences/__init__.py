"""Uploaded audiences, what can be targeted, and how many people that reaches."""

from . import entities, estimates, forecasts, segments
from .segments import fill

__all__ = ["RESOURCES", "fill"]

RESOURCES = (*estimates.RESOURCES, *entities.RESOURCES, *forecasts.RESOURCES, *segments.RESOURCES)
