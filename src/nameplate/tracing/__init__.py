"""From purchases, devices and statements to attributions, with graded evidence."""
