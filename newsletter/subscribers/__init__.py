"""What can happen to a person."""
