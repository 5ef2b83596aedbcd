"""Components of the list of courses and of entries outside of memberships."""
