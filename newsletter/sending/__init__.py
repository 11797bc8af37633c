"""Sending one by one, so that a crash at any moment leaves every row telling the truth.

A batch is claimed under a lease; each message is marked `sending` in the commit that also writes
what became of the one before; the mail server is called outside of any transaction.
"""
