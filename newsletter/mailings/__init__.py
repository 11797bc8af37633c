"""What can happen to a mailing, and how far it is."""
