"""What visitors may see of the page tree, and where links lead."""
