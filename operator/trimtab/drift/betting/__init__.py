"""Evidence: gamblers who bet against "nothing has changed", whatever is counted."""
