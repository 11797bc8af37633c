"""Search: how text is indexed, how it is found, and the page that shows it."""
