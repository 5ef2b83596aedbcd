"""Files on their way: what is sent to the server, what is downloaded from it, and `ais files`."""
