"""The static site of an edition: pages that need no server and no JavaScript."""
