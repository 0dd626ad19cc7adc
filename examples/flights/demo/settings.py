"""What a run of the demonstration is: which days, how fast, where its files lie."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".trimtab" / "demo"
MODEL = "flight-delay"
NAMESPACE = "default"
YEAR_PACE = 0.5  # real seconds for a replayed day
FIRST = date(2013, 3, 1)


@dataclass(frozen=True)
class Settings:
    """One run.

    Attributes:
        quick: March to May instead of March to December.
        seed: seed of the model.
        shuffle: seed of a stationary replay, the same year with its days in random order; None keeps their order.
        pace: real seconds a replayed day takes.
        keep: leave the stack up at the end.
        folder: where everything of the run lies; made anew each time.

    """

    quick: bool = False
    seed: int = 7
    shuffle: int | None = None
    pace: float = YEAR_PACE
    keep: bool = False
    folder: Path = FOLDER

    @property
    def last(self) -> date:
        """The last replayed day."""
        return date(2013, 5, 31) if self.quick else date(2013, 12, 31)

    @property
    def days(self) -> list[date]:
        """The replayed days, in order."""
        return [FIRST + timedelta(days=offset) for offset in range((self.last - FIRST).days + 1)]

    @property
    def months(self) -> list[str]:
        """The replayed months, such as 2013-03."""
        return sorted({day.strftime("%Y-%m") for day in self.days})

    @property
    def data(self) -> Path:
        """The folder that TrainingRuns read."""
        return self.folder / "data"

    @property
    def source(self) -> Path:
        """The folder with the user's code."""
        return Path(__file__).resolve().parents[1]

    @property
    def cache(self) -> Path:
        """What may be kept from run to run: baselines, which depend on data and code alone."""
        return ROOT / ".trimtab" / "cache"
