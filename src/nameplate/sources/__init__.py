"""Reading what was published into purchases: one module a format."""
