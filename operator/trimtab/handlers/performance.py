"""How good services are by their status, for Prometheus; read when it asks, so that no figure outlives its service."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from trimtab.keys import KubeObject

Objects = Callable[[], Iterable[KubeObject]]
_OF = ["namespace", "name", "version"]


class Performance(Collector):
    """Gauges of all services."""

    def __init__(self, services: Objects) -> None:
        self._services = services

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read each service's status."""
        estimated, promised = (
            GaugeMetricFamily(f"trimtab_performance_{name}", text, labels=[*_OF, "metric"])
            for name, text in (
                ("estimated", "What the last window's scores lead to expect, if the concept has not moved."),
                ("promised", "The same, of the rows held out at training."),
            )
        )
        covered = GaugeMetricFamily("trimtab_label_coverage", "Share of closed windows' rows with a label.", labels=_OF)
        left_out = GaugeMetricFamily(
            "trimtab_left_out",
            "Requests, rows or labels that could not be counted, by reason.",
            labels=[*_OF, "reason"],
        )
        for of, drift in map(_read, self._services()):
            if drift.get("labelCoverage") is not None:
                covered.add_metric(of, drift["labelCoverage"])
            for told in drift.get("estimatedPerformance", {}).get("metrics", []):
                estimated.add_metric([*of, told["metric"]], told["value"])
                promised.add_metric([*of, told["metric"]], told["promised"])
            for reason, count in drift.get("leftOut", {}).items():
                left_out.add_metric([*of, reason], count)
        yield from (estimated, promised, covered, left_out)


def _read(service: KubeObject) -> tuple[list[str], dict[str, Any]]:
    head, status = service["metadata"], service.get("status", {})
    return [head["namespace"], head["name"], status.get("champion", {}).get("version", "")], status.get("drift", {})
