"""Where training data comes from: sources, pins, snapshots and expectations."""
