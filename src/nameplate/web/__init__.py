"""Settings, pages and accounts of the web application."""
