"""How likely each maker is where nobody says: pooled, explained, and calibrated or banded."""
