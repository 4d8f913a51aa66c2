"""What others take in: CycloneDX with VEX, OSCAL assessment results, a findings spreadsheet."""
