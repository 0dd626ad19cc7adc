"""trimtab keeps a model on course: train, register, serve, shadow, watch and retrain, declared in Kubernetes."""
