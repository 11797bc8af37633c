"""Diseases in the reader's words: from what is typed to codes, and from codes to a label."""
