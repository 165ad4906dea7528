"""The sign-in page of a running server in a real browser, which enforces what its headers ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mcp_ads.auth.signing_in.offers import Offers
from mcp_ads.sandbox.ports import Servers
from mcp_ads.settings import load

pytestmark = [pytest.mark.vendors, pytest.mark.filterwarnings("ignore")]
APPS = {
    "facebook_marketing": "1029384756102939",
    "linkedin_ads": "sandbox-client",
    "amazon_ads": "amzn1.application-oa2-client.sandbox",
}
PLACES = ("_BASE_URL", "_AUTH_URL", "_TOKEN_URL")


@pytest.mark.parametrize("name", list(APPS))
def test_the_form_leads_on_and_back(chromium: Any, servers: Servers, tmp_path: Path, name: str) -> None:
    """The form is taken from this page, the browser goes on to the platform and back, and it is kept."""
    given = servers.ports.variables().items()
    settings = load(environ={key: value for key, value in given if key.endswith(PLACES)})
    offers = Offers(tmp_path, "off", 0)
    page = chromium.new_page()
    page.goto(offers.link(settings.platforms[name]))
    page.fill("input[name=client_id]", APPS[name])
    page.fill("input[name=client_secret]", "sandbox-secret")
    page.click("button")
    page.click("button[value=agree]")
    page.wait_for_url("**/connector/callback*")
    assert "Signed in" in page.inner_text("h1")
    page.close()
    offers.close()
    assert len(list((tmp_path / "signed-in").glob("*.json"))) == 1
