"""The engines that run a training: a child process of this machine, one Job, or Kubeflow Pipelines."""
