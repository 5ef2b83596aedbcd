"""What a file is by its bytes: never by its name, nor by what its sender says of it (S-46)."""
