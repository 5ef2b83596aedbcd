"""The product as it is shipped: the wheel in an environment of its own."""
