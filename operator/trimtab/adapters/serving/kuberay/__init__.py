"""The engine `kuberay`: a RayService of its own for each InferenceService, and its HTTPRoute."""
