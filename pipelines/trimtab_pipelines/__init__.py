"""The pipeline of a TrainingRun, for Kubeflow Pipelines: written in Python, committed compiled."""

from pathlib import Path

COMPILED = Path(__file__).parent / "compiled" / "train.yaml"
"""The compiled pipeline."""
