"""A real browser, which the tests beside this share."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, without a window; in CI it has to be there."""
    lacking = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        lacking("chromium is not installed")
    try:
        playwright = importlib.import_module("playwright.sync_api")
    except ImportError:
        lacking("playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
