"""What the monitor keeps and concludes; reads no clock and knows nothing of Ray."""
