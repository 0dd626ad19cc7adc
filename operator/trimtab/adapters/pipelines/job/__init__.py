"""The engine `job`: a whole run in one Kubernetes Job."""
