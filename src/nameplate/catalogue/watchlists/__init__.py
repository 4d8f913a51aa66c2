"""Watchlists as published: importers, content-addressed snapshots, and what changed between two."""
