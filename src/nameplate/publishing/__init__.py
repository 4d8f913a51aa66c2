"""Editions: pages, PDF and open data that others can check."""
