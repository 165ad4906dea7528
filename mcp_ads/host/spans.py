"""A span of OpenTelemetry for each request, where OTEL_* says where they go and the extra is there."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Any

EXTRA = 'OTEL_EXPORTER_OTLP_ENDPOINT: spans need more packages: pip install "mcp-ads[otel]"'
WHERE = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class Spans:
    """Server spans; none of them has a query, a header, a body or a value of a parameter."""

    def __init__(self) -> None:
        self.notice = ""
        """What the operator should know."""
        self._tracer: Any = None
        wanted = any(os.environ.get(name) for name in WHERE) and os.environ.get("OTEL_SDK_DISABLED") != "true"
        if wanted and find_spec("opentelemetry.exporter") is None:
            self.notice = EXTRA
        elif wanted:
            self._tracer = _tracer()

    def request(self, method: str) -> AbstractContextManager[Any]:
        """A span for a request; None where there are none."""
        if self._tracer is None:
            return nullcontext()
        from opentelemetry.trace import SpanKind

        span: AbstractContextManager[Any] = self._tracer.start_as_current_span(
            method, kind=SpanKind.SERVER, record_exception=False
        )
        return span


def _tracer() -> Any:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "mcp-ads-host"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return trace.get_tracer("mcp_ads.host")
