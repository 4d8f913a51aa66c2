"""Official vulnerability feeds, read into records: KEV, NVD, CVE, CSAF and EPSS."""
