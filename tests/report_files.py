"""Amazon's files of reports as its storage answers with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx
from engine_client import PROFILE

REPORT = "0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10"
COLUMNS = ["campaignId", "campaignName", "impressions", "clicks", "cost"]
CALL: dict[str, Any] = {"profile_id": PROFILE, "report_id": REPORT}


def answers(
    content: bytes, status: int = 200, columns: Sequence[str] = COLUMNS
) -> Callable[[httpx.Request], httpx.Response | None]:
    """A finished report whose file is this."""
    report = {
        "reportId": REPORT, "status": "COMPLETED", "url": "https://offline-report-storage-us-east-1-prod.s3.amazonaws.com/x.gz",
        "startDate": "2026-10-01", "endDate": "2026-10-02", "configuration": {"columns": list(columns)},
    }  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith(f"/reporting/reports/{REPORT}"):
            return httpx.Response(200, json=report)
        return httpx.Response(status, content=content) if request.url.path == "/x.gz" else None

    return answer
