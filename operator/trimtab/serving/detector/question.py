"""What a detector is asked: two tables of the columns that it looks at, in a form that it can take.

Single columns go as they are, a missing number as the reference's median. Whole rows go in units of the reference's
scale, a category as the place that was drawn for it, as in `drift/reference/waves.py`: a kernel measures distances.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Self

import numpy as np

from trimtab.drift import Profile
from trimtab.drift.reference.waves import Singles, places_of_categories, scaled
from trimtab.drift.watching.tested import DETECTORS, columns_of


@dataclass(frozen=True)
class Question:
    """Two tables, each of shape (rows, columns), and a detector to compare them by."""

    detector: str
    categories: tuple[int, ...]
    """Which columns hold categories."""
    reference: Singles
    window: Singles
    seed: int

    @classmethod
    def of(cls, profile: Profile, detector: str, tables: tuple[Singles, Singles], name: str) -> Self:
        """Ask about a window by its name, which decides about chance; `tables` are made by `Layout.encode`."""
        columns, features = columns_of(profile, detector), profile.features
        whole = DETECTORS[detector] == "rows"
        reference, window = ((_placed if whole else _filled)(profile, table)[:, columns] for table in tables)
        categories = [at for at, of in enumerate(columns) if features[of].categories is not None]
        return cls(detector, () if whole else tuple(categories), reference, window, zlib.crc32(name.encode()))

    def to_bytes(self) -> bytes:
        """Write it as the worker reads it."""
        tables = [table.astype("<f4") for table in (self.reference, self.window)]
        head = {
            "detector": self.detector,
            "categories": self.categories,
            "seed": self.seed,
            "shapes": [table.shape for table in tables],
        }
        return b"".join([json.dumps(head).encode(), b"\n", *(table.tobytes() for table in tables)])


def _filled(profile: Profile, table: Singles) -> Singles:
    """Put the reference's median where a number is missing; a missing category is one of its own."""
    centres = np.array([feature.centre for feature in profile.features], dtype=np.float32)
    return np.where(np.isfinite(table), table, centres)


def _placed(profile: Profile, table: Singles) -> Singles:
    """Lay numbers and categories out at comparable distances."""
    features = profile.features
    centres, scales = (np.array([getattr(f, key) for f in features], np.float32) for key in ("centre", "scale"))
    places = scaled(table.T, centres, scales).T
    for at, feature in enumerate(features):
        if feature.categories is not None:
            places[:, at] = places_of_categories(at, len(feature.categories))[table[:, at].astype(np.int64)]
    return places
