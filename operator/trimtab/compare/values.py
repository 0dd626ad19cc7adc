"""What Arrow's values are to the statistics: numbers, or the places of texts among those that there are."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_FLAGS = ("true", "false")


def numbers(values: pa.ChunkedArray) -> npt.NDArray[np.floating]:
    """Numbers, NaN where they are missing or infinite."""
    narrow = values.type in (pa.float16(), pa.float32())
    held = values.cast(pa.float32() if narrow else pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(held), held, np.array(np.nan, dtype=np.float32 if narrow else np.float64))


def categories(values: pa.ChunkedArray) -> tuple[npt.NDArray[np.integer], tuple[str, ...]]:
    """Places in the texts that come with them, -1 where missing; the empty text is missing."""
    plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    encoded = pc.dictionary_encode(plain.cast(pa.string())).combine_chunks()
    whole = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    texts = [_one_flag(text) for text in whole.dictionary.to_pylist()]
    places = {text: place for place, text in enumerate(dict.fromkeys(filter(None, texts)))}
    moved = np.array([*(places.get(text, -1) for text in texts), -1], dtype=np.int32)
    return moved[pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False)], tuple(places)


def _one_flag(text: str) -> str:
    """Flags and such texts as True and TRUE are the same."""
    return text.lower() if text.lower() in _FLAGS else text
