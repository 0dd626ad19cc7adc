"""The outside, behind the ports: the only importers of clients for Kubernetes, tracking, pipelines and serving."""
