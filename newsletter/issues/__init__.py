"""From an issue's page to the mail that readers get."""
