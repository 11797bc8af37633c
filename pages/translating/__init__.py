"""Translating: who may do what to which language's page, and drafts that touch nothing live."""
