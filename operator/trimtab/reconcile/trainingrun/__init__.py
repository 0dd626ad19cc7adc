"""TrainingRun: start a pipeline once, follow it, make the ModelVersion."""
