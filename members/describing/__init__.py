"""What a collection says, as a reader gets it."""
