"""What is known of devices: signs, weights, vulnerabilities, support, chips, services."""
