"""Two tables side by side: which columns differ by more than is worth acting on, how far, and how surely.

The watch in `trimtab.drift` looks again and again; here one looks once, at two files, from a shell. A *reference* is
what is known to be right, a *current* table is what is asked about. Each *share* of rows (at or below a decile of the
reference, of a category, missing) may move by the *tolerance*; a feature has drifted when one surely moved further.

    options.py             what may be asked      table.py, csv_file.py, csv_rewritten.py, values.py  what is in a file
    measuring/, shares.py  one feature of both    proof.py, decide.py    what that proves
    sweep.py, together.py  all features           console.py, page.py, image.py  the answer, wherever it is read
"""

from trimtab.compare.decide import Drift, Terms
from trimtab.compare.errors import CompareError
from trimtab.compare.sweep import Comparison, compare

__all__ = ["CompareError", "Comparison", "Drift", "Terms", "compare"]
