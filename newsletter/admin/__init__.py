"""The desk: what the newsletter's staff see and do in the admin."""
