"""Measures in a process with the measured site's settings."""
