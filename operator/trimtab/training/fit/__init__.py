"""The user's code: found, called, told apart by a digest; and its model as ONNX."""
