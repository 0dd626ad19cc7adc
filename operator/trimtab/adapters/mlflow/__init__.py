"""MLflow over REST: the registry, and what runs in pods tell of themselves there."""
