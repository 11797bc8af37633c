"""The process beside the web, its steps, and the way out for mail."""
