"""podbot's image, built for real."""
