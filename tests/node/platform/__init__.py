"""What a cluster's owner has before trimtab comes: KubeRay as a pod, MLflow and an object store as neighbours.

The neighbours are processes on the host behind Services of the namespace `platform`: pods find them by name.
"""
