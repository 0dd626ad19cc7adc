"""Pairs of models on one stream of labelled rows, as a judge would see them: how good each is, is chosen.

A row's true log odds are a signal the models try to see plus, in a world with days, the day's mood (late rates by day
as spread as those of the flights, 0.03 to 0.79). A model sees the signal through noise, of which half is shared by both
models, as both learned from much the same data; it answers the chance that this promises. In a world with days each
model has leanings of its own by day as well, so that one is better on some days and the other on others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trimtab.drift import PairedSums

BASE = -1.5
SIGNAL = 2.0
MOOD = 1.2
"""Spread of the days' moods, in log odds: late rates of days differ as the flights' do, by 0.15 either way."""
LEANING = 0.35
CHAMPION_NOISE = 1.6
BETTER_NOISE = 1.1
"""The noise that makes a model two points more accurate: 0.784 against 0.764; `accuracies` measures it."""


@dataclass(frozen=True)
class World:
    """A budget of labelled rows, in windows; `days` says whether a window is a day."""

    windows: int
    rows: int
    days: bool


def labels_and_chances(
    world: World, noises: tuple[float, float], random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels (windows, rows), and both models' chances (2, windows, rows), the champion's first."""
    shape = (world.windows, world.rows)
    signal = SIGNAL * random.standard_normal(shape)
    mood = MOOD * random.standard_normal((world.windows, 1)) * world.days
    labels = random.random(shape) < _chance(BASE + signal + mood)
    shared = random.standard_normal(shape)
    own = [_answer(world, signal, shared, noise, random) for noise in noises]
    return labels, np.stack(own)


def _answer(
    world: World, signal: np.ndarray, shared: np.ndarray, noise: float, random: np.random.Generator
) -> np.ndarray:
    blurred = signal + noise * (shared + random.standard_normal(signal.shape)) / np.sqrt(2)
    trust = SIGNAL**2 / (SIGNAL**2 + noise**2)
    leaning = LEANING * random.standard_normal((world.windows, 1)) * world.days
    # What is left unseen flattens the chance (the usual normal approximation of a logistic mean).
    flattened = np.sqrt(1 + np.pi / 8 * noise**2 * trust)
    return _chance((BASE + trust * blurred + leaning) / flattened)


def paired(labels: np.ndarray, chances: np.ndarray) -> Iterator[PairedSums]:
    """Sum window by window, both on the same rows."""
    for truth, champion, candidate in zip(labels, *chances, strict=True):
        answers = PairedSums.of_answers(champion > 0.5, candidate > 0.5)  # noqa: PLR2004  # the label's threshold
        yield answers + PairedSums.of_labels(truth, champion, candidate)


def unpaired(labels: np.ndarray, chances: np.ndarray) -> Iterator[PairedSums]:
    """Sum window by window, the candidate on the rows of the *next* window: the bug that a harness must see."""
    for at, truth in enumerate(labels):
        later = (at + 1) % len(labels)
        champion, candidate = (_promised(chances[0, at], truth), _promised(chances[1, later], labels[later]))
        yield PairedSums.of_answers(truth, truth) + PairedSums.of_labels(np.ones(truth.size), champion, candidate)


def accuracies(noises: tuple[float, float], random: np.random.Generator) -> list[float]:
    """Measure how often each model is right, on half a million rows."""
    labels, chances = labels_and_chances(World(1000, 500, days=False), noises, random)
    return [float(np.mean((chance > 0.5) == labels)) for chance in chances]  # noqa: PLR2004  # the label's threshold


def _promised(chance: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Chance that was given to what came true."""
    return np.where(truth, chance, 1 - chance)


def _chance(log_odds: np.ndarray) -> np.ndarray:
    result: np.ndarray = 1 / (1 + np.exp(-log_odds))
    return result
