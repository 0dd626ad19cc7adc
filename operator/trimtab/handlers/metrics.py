"""What the operator tells Prometheus: passes, calls to the outside, and how good services are."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from trimtab.handlers.performance import Objects, Performance
from trimtab.keys import Key

_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30)


class Metrics:
    """The operator's own metrics, of every pass it is told of; and how good services are, by their status."""

    def __init__(self, services: Objects = tuple) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(Performance(services))
        self._passes = Counter(
            "trimtab_reconcile", "Passes over objects.", ["kind", "outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "trimtab_reconcile_duration_seconds",
            "Time a pass took.",
            ["kind"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._calls = Histogram(
            "trimtab_call_duration_seconds",
            "Time a call to an outside system took.",
            ["port", "call", "outcome"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._leads = Gauge("trimtab_leader", "1 while this operator leads.", registry=self._registry)

    def passed(self, key: Key, outcome: str, seconds: float) -> None:
        """Count a pass; outcome is done, wait, retry or error."""
        self._passes.labels(key.kind, outcome).inc()
        self._seconds.labels(key.kind).observe(seconds)

    def called(self, port: str, call: str, outcome: str, seconds: float) -> None:
        """Count a call to an outside system; outcome is done, retry, wait, refuse or error."""
        self._calls.labels(port, call, outcome).observe(seconds)

    def leads(self) -> None:
        """From now on, we lead."""
        self._leads.set(1)

    def text(self) -> bytes:
        """The metrics in Prometheus's text format."""
        return generate_latest(self._registry)
