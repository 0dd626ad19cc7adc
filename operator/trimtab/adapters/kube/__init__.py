"""Kubernetes: our kinds read from the watches, written by server-side apply; what they own; leadership; events."""
