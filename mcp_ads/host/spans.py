"""A span of OpenTelemetry for each request, where OTEL_* says where they go and the extra is there."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any

EXTRA = 'OTEL_EXPORTER_OTLP_ENDPOINT: spans need more packages: pip install ".[otel]" in its checkout'
WHERE = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class Spans:
    """Server spans; none of them has a query, a header, a body or a value of a parameter."""

    def __init__(self) -> None:
        self.notice = ""
        """What the operator should know."""
        self._tracer: Any = None
        wanted = any(os.environ.get(name) for name in WHERE) and os.environ.get("OTEL_SDK_DISABLED") != "true"
        if not wanted:
            return
        try:
            self._provider = _provider()
        except ModuleNotFoundError:
            self.notice = EXTRA
            return
        self._tracer = self._provider.get_tracer("mcp_ads.host")

    def close(self) -> None:
        """Send what has not been sent."""
        if self._tracer is not None:
            self._provider.shutdown()

    def request(self, method: str) -> AbstractContextManager[Any]:
        """A span for a request; None where there are none."""
        if self._tracer is None:
            return nullcontext()
        from opentelemetry.trace import SpanKind

        span: AbstractContextManager[Any] = self._tracer.start_as_current_span(
            method, kind=SpanKind.SERVER, record_exception=False
        )
        return span


def _provider() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "mcp-ads-host"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
