"""Screening: which names in a file were listed on a day, which are now, by which list, and why."""
