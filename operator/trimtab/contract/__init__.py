"""What crosses between the operator and the runtime, as JSON: requests for work, and reports of it."""
