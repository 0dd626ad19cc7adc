"""Inside a pipeline step: the contract with the user's code, export, judgement and registration."""
