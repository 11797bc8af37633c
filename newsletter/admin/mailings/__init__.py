"""The screens of mailings: their lists, what is done to one, and its progress."""
