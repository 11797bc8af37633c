"""Pages that are kept, and cache invalidation by a generation number."""
