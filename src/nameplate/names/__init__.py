"""Names and identifiers of parties: normal forms, a scorer, a blocking index. Knows no facts."""
