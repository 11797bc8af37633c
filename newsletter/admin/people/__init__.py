"""Subscribers, who is never written to, and lists of them in and out."""
