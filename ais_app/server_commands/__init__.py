"""Commands of `ais` that the running server carries out, and the socket in its data folder (D-38)."""
