"""Open data of an edition: one module a format, each deterministic."""
