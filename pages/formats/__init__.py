"""Pages for machines: feeds, calendars, sitemaps, structured data."""
