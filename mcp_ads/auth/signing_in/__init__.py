"""Signing in on the user's own app: the authorization-code flow, and what each platform does differently."""

from __future__ import annotations

from .base import SigningIn


def signing_in(connector: str) -> SigningIn:
    """How one signs in to a connector."""
    from .amazon import AmazonSigningIn
    from .facebook import FacebookSigningIn
    from .linkedin import LinkedinSigningIn

    platforms: tuple[type[SigningIn], ...] = (FacebookSigningIn, LinkedinSigningIn, AmazonSigningIn)
    return next(platform() for platform in platforms if platform.connector == connector)
