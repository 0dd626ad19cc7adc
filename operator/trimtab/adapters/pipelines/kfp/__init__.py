"""The engine `kfp`: a run on a Kubeflow Pipelines server."""
