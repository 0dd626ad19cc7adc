"""What came out, as `result.json` has it; and what of it is a failure."""

from dataclasses import dataclass, field
from typing import Any

from examples.flights.demo import scores
from examples.flights.demo.endpoint import Tally
from examples.flights.demo.record import Record
from examples.flights.demo.settings import Settings
from examples.flights.demo.world import World

MODELS = ("frozen", "trimtab", "oracle")
Auc = dict[str, dict[str, float]]  # model, month


@dataclass(frozen=True)
class Result:
    """Numbers of one run."""

    months: list[str]
    auc: Auc
    retrainings: int
    promotions: int
    rejections: int
    tally: Tally
    seconds: float
    stood_still: float
    decisions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def means(self) -> dict[str, float]:
        """Mean of the monthly AUCs, by model."""
        return {model: scores.mean(self.auc[model]) for model in MODELS}

    def wire(self) -> dict[str, Any]:
        """The result as JSON."""
        return {
            "months": self.months,
            "auc": {model: [self.auc[model].get(month) for month in self.months] for model in MODELS},
            "meanAuc": self.means,
            "retrainings": self.retrainings,
            "promotions": self.promotions,
            "rejections": self.rejections,
            "requests": {"sent": self.tally.sent, "failed": self.tally.failed},
            "seconds": round(self.seconds, 1),
            "decisions": self.decisions,
        }


def conclude(record: Record, world: World, baselines: Auc, tally: Tally, months: list[str], seconds: float) -> Result:
    """Sum up a replay. All labels are known by now, so every answer counts."""
    actions = [entry.action for _, entry in record.decisions]
    return Result(
        months=months,
        auc={**baselines, "trimtab": scores.by_month(record.scored(sorted(record.answers)))},
        retrainings=sum(run.spec.trigger.kind == "Drift" for run in world.runs),
        promotions=actions.count("Promoted"),
        rejections=actions.count("Rejected"),
        tally=tally,
        seconds=seconds,
        stood_still=record.stood_still,
        decisions=[
            {
                "day": str(day),
                "action": entry.action,
                "version": entry.version,
                "run": entry.run,
                "message": entry.message,
                "time": entry.time.isoformat() if entry.time else None,
            }
            for day, entry in record.decisions
        ],
    )


def faults(result: Result, settings: Settings) -> list[str]:
    """What a run must not end with; empty when all is well. A low AUC is told, not a fault."""
    found = []
    if result.tally.failed:
        found.append(f"{result.tally.failed} of {result.tally.sent} requests failed; {result.tally.errors[0]}")
    if settings.shuffle is not None:
        if result.retrainings:
            found.append(f"the world stood still, and there were {result.retrainings} retrainings")
    elif not result.retrainings:
        found.append("no drift was noticed, so the loop did not close")
    elif not result.promotions + result.rejections:
        found.append("no retrained version was judged, so the loop did not close")
    return found
