"""`python -m examples.flights.demo`, in the runtime's environment."""

import argparse
import sys
from pathlib import Path

from examples.flights.demo.app import main
from examples.flights.demo.settings import FOLDER, YEAR_PACE, Settings


def settings(arguments: list[str]) -> Settings:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make demo", description="The loop over the flights of 2013.")
    parser.add_argument("--quick", action="store_true", help="March to May instead of March to December")
    parser.add_argument("--seed", type=int, default=7, help="seed of the model")
    parser.add_argument("--shuffle-days", type=int, metavar="SEED", help="the days in random order: nothing drifts")
    parser.add_argument("--pace", type=float, default=YEAR_PACE, help="real seconds for a replayed day")
    parser.add_argument("--keep", action="store_true", help="leave the stack up, for kubectl")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where everything of the run lies; made anew")
    given = parser.parse_args(arguments)
    return Settings(given.quick, given.seed, given.shuffle_days, given.pace, given.keep, given.folder.resolve())


if __name__ == "__main__":
    sys.exit(main(settings(sys.argv[1:])))
