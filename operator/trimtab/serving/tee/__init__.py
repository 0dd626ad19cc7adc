"""What happens after the answer left: the candidate is asked, and the monitor is told."""
