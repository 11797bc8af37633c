"""The proof of consent: append-only, a hash chain, guarded by the database."""
