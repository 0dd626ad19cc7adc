"""The Open Inference Protocol v2 over REST: bytes in, bytes out; knows nothing of models and monitors."""
