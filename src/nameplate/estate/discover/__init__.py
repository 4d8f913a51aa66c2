"""A careful look: ask given addresses only what identifies, with an authority on record."""
