"""Settings of a school: what can be set, the values that were given with their days, and reading one at a day."""
