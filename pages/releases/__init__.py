"""A new release on a site that runs: what nobody edited is brought, all else offered."""
