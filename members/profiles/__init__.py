"""What editors know of a biobank: as readers get it, as editors write it, and what is missing."""
