"""The demo as a whole, without a browser."""
