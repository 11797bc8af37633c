"""Lists of addresses that come in, and go out."""
