"""What holds for all tests of the runtime's environment that start no process."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Models here are small: threads would wait for one another longer than they work. Read when scikit-learn is loaded."""
