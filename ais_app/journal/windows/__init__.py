"""Windows: when a lesson may be written; closed periods, requests and openings after the edit window."""
