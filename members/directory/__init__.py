"""The import of the BBMRI-ERIC Directory: fetch, parse, plan, apply."""
