"""`/metrics`, and the alarms of the installation for its administrator."""
