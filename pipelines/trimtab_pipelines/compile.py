"""Write the compiled pipeline: `python -m trimtab_pipelines.compile`."""

from pathlib import Path

from kfp import compiler

from trimtab_pipelines import COMPILED
from trimtab_pipelines.pipeline import train


def compile_to(path: Path) -> None:
    """Compile the pipeline into a YAML file; the same sources give the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    compiler.Compiler().compile(train, str(path))


if __name__ == "__main__":
    compile_to(COMPILED)
