"""Where Amazon keeps the files of reports and exports: patterns of whole host names, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

FILES: Mapping[str, str] = {
    r"offline-report-storage-[a-z0-9-]+\.s3([.-][a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com": (
        "addresses of finished reports in North America and Europe; of the Far East's none has been published"
    ),
    r"snapshots-prod-[a-z0-9-]+\.s3([.-][a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com": (
        "advertising.amazon.com/API/docs/en-us/guides/exports/get-started"
    ),
}
