"""What keeps an issue from going out as it is."""
