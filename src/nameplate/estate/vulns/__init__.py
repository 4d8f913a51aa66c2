"""What is known to be wrong with devices: facts, official feeds, and matching."""
