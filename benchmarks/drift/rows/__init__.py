"""The parts of the benchmark, each a module with `run(quick) -> list[Row]`."""
