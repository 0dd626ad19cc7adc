"""ModelVersion: say where the version stands, and tell the registry."""
