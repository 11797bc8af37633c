"""Deleting and moving a page carry its translations along, or are refused."""
