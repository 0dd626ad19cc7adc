"""What the replay saw, day by day. Scores are of answers whose labels are due: the future is not looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from examples.flights.demo import scores, story
from examples.flights.demo.endpoint import Answer
from examples.flights.demo.world import World


@dataclass
class Record:
    """The answers, the decisions with the replayed day they were first seen on, the verdicts, the AUC so far."""

    answers: dict[date, list[Answer]] = field(default_factory=dict)
    decisions: list[tuple[date, story.Entry]] = field(default_factory=list)
    verdicts: dict[date, str] = field(default_factory=dict)
    months: dict[str, float] = field(default_factory=dict)
    stood_still: float = 0.0  # real seconds

    def notice(self, world: World, day: date) -> list[story.Entry]:
        """Keep the decisions not seen before and the verdict of the day; return the new decisions."""
        self.verdicts[day] = world.service.drift.verdict if world.service.drift else "Unknown"
        known = {entry.key for _, entry in self.decisions}
        new = [entry for entry in story.entries(world) if entry.key not in known]
        self.decisions += [(day, entry) for entry in new]
        return new

    def score(self, day: date) -> None:
        """Score the month of a day whose labels are due, up to that day."""
        month = [known for known in self.answers if (known.year, known.month) == (day.year, day.month) and known <= day]
        self.months |= scores.by_month(self.scored(month))

    def scored(self, days: list[date]) -> Iterator[scores.Scored]:
        """The answers of the days beside the labels."""
        for day in days:
            for answer in self.answers.get(day, ()):
                yield day, answer.chances, answer.batch.labels

    def daily(self) -> list[dict[str, object]]:
        """A row a day for the report: what was promised, what came, who answered, what the monitor said."""
        return [self._day(day) for day in sorted(self.answers) if self.answers[day]]

    def _day(self, day: date) -> dict[str, object]:
        answers = self.answers[day]
        chances = [p for answer in answers for p in answer.chances]
        labels = [label for answer in answers for label in answer.batch.labels]
        return {
            "day": str(day),
            "rows": len(labels),
            "promised": sum(chances) / len(chances),
            "late": sum(labels) / len(labels),
            "version": answers[-1].version,
            "verdict": self.verdicts.get(day, "Unknown"),
        }
