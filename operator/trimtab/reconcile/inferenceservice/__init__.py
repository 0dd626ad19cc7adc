"""InferenceService: choose, deploy, compare, judge, watch, and ask for retraining."""
