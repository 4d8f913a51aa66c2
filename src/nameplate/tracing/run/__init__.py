"""The run: files found, read by workers, judged, and written out as one whole."""
