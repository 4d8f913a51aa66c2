"""What is known: makers, names, rebrands, model grammars, distributors, listings, terms."""
