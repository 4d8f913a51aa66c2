"""Readers of inventories, scans and recorded answers: one module a format, into sightings."""
