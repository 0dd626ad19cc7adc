"""The three kinds of `trimtab.dev/v1alpha1`: one source for the operator, the CRDs and the documentation."""
