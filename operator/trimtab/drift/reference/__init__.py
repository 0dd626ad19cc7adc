"""What training promises: shares, losses, what scores mean, and how sure all that is."""
