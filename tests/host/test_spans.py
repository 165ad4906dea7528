"""Spans of a host, as a collector gets them."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import served

pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
pytestmark = pytest.mark.slow


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a collector, and what came to it."""
    came: list[bytes] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", came
    server.shutdown()
    server.server_close()


def test_a_request_is_a_span(tmp_path: Path, collector: tuple[str, list[bytes]]) -> None:
    """It has the declared path, status and whoever asked, and no query, token or secret."""
    address, came = collector
    with served(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=address, OTEL_EXPORTER_OTLP_COMPRESSION="none") as host:
        token = host.token()
        host.asked("GET", "/api/v1/integrations/connectors?workspace_name=looked-for", token=token)
    sent = b"".join(came)
    assert b"GET /api/v1/integrations/connectors" in sent
    assert host.client.client_id.encode() in sent
    assert not [word for word in ("looked-for", token, host.client.client_secret) if word.encode() in sent]
