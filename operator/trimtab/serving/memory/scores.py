"""Scores of the last closed window, kept by their bins, and what they lead to expect of the champion without labels."""

from trimtab.api.monitoring import EstimatedMetric, EstimatedPerformance
from trimtab.drift import WindowCounts
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.store import Json, Store


def keep_scores(store: Store, focus: Focus, due: list[tuple[str, Json]]) -> None:
    """Remember the newest of closed windows that has enough rows with an answer."""
    for window, sums in reversed(due):
        if sum(sums.get("scores", [])) >= focus.settings.min_rows:
            store.put_evidence(_scores(focus), {"window": window, "sums": WindowCounts.from_json(sums).to_json()})
            return


def estimated(store: Store, focus: Focus) -> EstimatedPerformance | None:
    """Estimate the performance of that window; None before it, or where training promised nothing to go by."""
    kept, calibration = store.evidence(_scores(focus)), focus.profile and focus.profile.calibration
    if not kept or not calibration:
        return None
    scores = WindowCounts.from_json(kept["sums"]).scores
    metrics = [
        EstimatedMetric(metric=each.metric, value=each.value, promised=each.promised, standard_error=each.error)
        for each in calibration.estimate(scores)
    ]
    return EstimatedPerformance(window=kept["window"], rows=int(scores.sum()), metrics=metrics)


def _scores(focus: Focus) -> str:
    return f"{focus.stream}/scores"
