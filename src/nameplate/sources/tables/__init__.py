"""Spending files and contract registers, as bodies really publish them, into purchases."""
