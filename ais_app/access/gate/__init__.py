"""The ASGI gate before everything: who gets a page or a socket, and how much a socket may ask for."""
