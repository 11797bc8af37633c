"""The finder: what it knows of the biobanks, what a visitor asks, what is found."""
