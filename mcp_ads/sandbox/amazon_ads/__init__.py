"""A make-believe Amazon Ads: the API of three regions, Login with Amazon, and the host of report files."""

from .consent import consent_app
from .errors import fault
from .reports.downloads import download_fault, downloads_app
from .routes import app
from .tokens import token_app

__all__ = ["app", "consent_app", "download_fault", "downloads_app", "fault", "token_app"]
