"""The engines that serve a plan: a Ray cluster that is there, or one that KubeRay makes of it."""
