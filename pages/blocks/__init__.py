"""What editors build texts of."""
