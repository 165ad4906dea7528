"""What is missing is never taken for the whole: a raw list's other pages, a region, an edge, a bad page."""

from __future__ import annotations

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN

from mcp_ads.sdk.classes.amazon_ads import AmazonAdsConnector
from mcp_ads.sdk.classes.facebook_marketing import FacebookMarketingConnector
from mcp_ads.sdk.classes.linkedin_ads import LinkedinAdsConnector

pytestmark = pytest.mark.anyio
CLASSES = {
    FACEBOOK: FacebookMarketingConnector,
    LINKEDIN: LinkedinAdsConnector,
    AMAZON: AmazonAdsConnector,
}
