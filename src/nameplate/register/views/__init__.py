"""The register's pages, one module a subject."""
