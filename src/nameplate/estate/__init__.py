"""Reading what is installed into devices, who made them, and what is known to be wrong."""
