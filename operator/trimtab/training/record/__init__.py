"""What a run leaves: its state, its record in MLflow, its registered version."""
