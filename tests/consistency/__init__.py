"""What is written must be what is."""
