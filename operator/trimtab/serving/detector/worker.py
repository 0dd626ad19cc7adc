"""Detectors of alibi-detect, in alibi-detect's own environment: it holds numpy below 2, so trimtab is not in it.

    PYTHON worker.py        questions on standard input, answers on standard output, until the input ends

First the worker says {"version": …}. A question is a line of JSON (detector, categories: numbers of the categorical
columns, seed, shapes) and the bytes of two tables of little-endian float32: the reference and a window. The answer is
{"p": [one p-value a column, or one for all]} or {"error": …}, a line each. What libraries print goes to standard error.

A permutation test's p-value counts the observed order too, so it is never nothing. An online detector has none: its
greatest statistic over the window is ranked among those over as many rows of the reference, which it does not know.
Of a column of categories the statistic is alibi-detect's chi-square and the p-value ours, by permutation: its own is
an approximation that rare categories make far too small.
Source of both: Phipson & Smyth, "Permutation p-values should never be zero", SAGMB 2010.
"""

import importlib.util
import json
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO

os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402  # the environment is set before anything heavy is imported

Table = Any
PERMUTATIONS = 99
DRAWS = 9_999
"""Permutations of a column of categories: they cost milliseconds, and few would keep a clear change waiting."""
ROUNDING = 1e-6
"""What the detector's float32 may have lost of a statistic: as much less is a tie."""
ONLINE_ROWS = 40
"""Rows an online detector goes through at a time."""
ONLINE_WINDOW, ONLINE_BOOTSTRAPS, ONLINE_RUN = 10, 50, 10
"""What an online detector is made with; its own threshold, which costs the bootstraps, is not asked for."""


def by_column(cls: Any, reference: Table, window: Table, categories: list[int]) -> list[float]:
    """P-values of single columns; a category that neither table holds is no category."""
    held = {at: np.unique(np.append(reference[:, at], window[:, at])).tolist() for at in categories}
    detector = cls(reference, categories_per_feature=held) if held else cls(reference)
    found = detector.predict(window, drift_type="feature")["data"]
    p_values: list[float] = found["p_val"].tolist()
    for at in categories:
        p_values[at] = by_draws(float(found["distance"][at]), reference[:, at], window[:, at])
    return p_values


def by_draws(statistic: float, reference: Table, window: Table) -> float:
    """P-value of a chi-square statistic: what permuted rows count to has a law of its own, so no rows are permuted."""
    _, codes = np.unique(np.append(reference, window), return_inverse=True)
    totals = np.bincount(codes)
    random = np.random.default_rng(np.random.randint(2**31))  # noqa: NPY002  # of what `seed` has set
    counts = random.multivariate_hypergeometric(totals, len(window), DRAWS, method="marginals")
    as_far = chi_square(counts, totals, len(window)) >= statistic * (1 - ROUNDING)
    return (int(as_far.sum()) + 1) / (DRAWS + 1)


def chi_square(counts: Table, totals: Table, rows: int) -> Table:
    """The detector's statistic of each drawn window, of two categories with Yates' correction."""
    share = rows / totals.sum()
    far = np.abs(counts - share * totals)
    far = np.maximum(far - 0.5, 0.0) if totals.size == 2 else far  # noqa: PLR2004  # two by two
    return (far**2 / (share * (1 - share) * totals)).sum(axis=1)


def by_permutation(cls: Any, reference: Table, window: Table, _: list[int]) -> list[float]:
    """P-value of whole rows. The kernel is made of both tables where it can be: else their rows would differ by it."""
    both = {"configure_kernel_from_x_ref": False} if cls.__name__ == "MMDDrift" else {}
    detector = cls(reference, backend=backend(), n_permutations=PERMUTATIONS, **both)
    share = float(detector.predict(window)["data"]["p_val"])
    return [(round(share * PERMUTATIONS) + 1) / (PERMUTATIONS + 1)]


def by_rank(cls: Any, reference: Table, window: Table, _: list[int]) -> list[float]:
    """P-value of whole rows by an online detector that learns from half of the reference."""
    half, rows = len(reference) // 2, min(ONLINE_ROWS, len(window))
    made = {"ert": ONLINE_RUN, "window_size": ONLINE_WINDOW, "n_bootstraps": ONLINE_BOOTSTRAPS, "verbose": False}
    detector = cls(reference[:half], backend=backend(), **made)
    pieces = [window[:rows], *(reference[at : at + rows] for at in range(half, len(reference) - rows + 1, rows))]
    worst = [greatest(detector, piece) for piece in pieces]
    return [float(np.mean([other >= worst[0] for other in worst]))]


def greatest(detector: Any, rows: Table) -> float:
    """The greatest statistic of an online detector over some rows."""
    detector.reset_state()
    return max(float(detector.predict(row)["data"]["test_stat"]) for row in rows)


WAYS: dict[str, Callable[[Any, Table, Table, list[int]], list[float]]] = {
    "KSDrift": by_column,
    "ChiSquareDrift": by_column,
    "TabularDrift": by_column,
    "MMDDrift": by_permutation,
    "LSDDDrift": by_permutation,
    "MMDDriftOnline": by_rank,
    "LSDDDriftOnline": by_rank,
}


def backend() -> str:
    """The library that computes kernels here."""
    return "tensorflow" if importlib.util.find_spec("tensorflow") else "pytorch"


def seed(number: int) -> None:
    """Draw the same permutations for the same question."""
    np.random.seed(number)  # noqa: NPY002  # it is what alibi-detect draws from
    for library in ("tensorflow", "torch"):
        if library in sys.modules:
            module = sys.modules[library]
            (module.random.set_seed if library == "tensorflow" else module.manual_seed)(number)


def answer(asked: dict[str, Any], source: BinaryIO) -> dict[str, Any]:
    """Answer one question."""
    reference, window = (table(source, shape) for shape in asked["shapes"])
    try:
        from alibi_detect import cd  # noqa: PLC0415  # it was imported before, and is not everywhere this file is read

        name = asked["detector"]
        seed(asked["seed"])
        return {"p": WAYS[name](getattr(cd, name), reference, window, asked["categories"])}
    except Exception as error:  # noqa: BLE001  # whatever a detector dislikes about a window, the next may suit it
        return {"error": f"{type(error).__name__}: {error}"}


def table(source: BinaryIO, shape: list[int]) -> Table:
    """Read a table; the end of the input is no table.

    Raises:
        EOFError: the input ended within it.

    """
    size = 4 * shape[0] * shape[1]
    content = source.read(size)
    if len(content) < size:
        raise EOFError
    return np.frombuffer(content, dtype="<f4").reshape(shape).copy()


def introduction() -> dict[str, Any]:
    """Say which release answers, or why none does."""
    try:
        import alibi_detect  # noqa: PLC0415  # what fails here is told
    except Exception as error:  # noqa: BLE001  # an environment may be broken in any way
        return {"error": f"{type(error).__name__}: {error}"}
    return {"version": alibi_detect.__version__}


def main() -> None:
    """Answer until nobody asks any more."""
    told, source = os.fdopen(os.dup(1), "wb", buffering=0), sys.stdin.buffer
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        told.write(json.dumps(message).encode() + b"\n")

    tell(introduction())
    while line := source.readline():
        tell(answer(json.loads(line), source))


if __name__ == "__main__":
    main()
