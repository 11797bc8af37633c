"""What the site shows of issues that were sent."""
