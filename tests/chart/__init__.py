"""podbot's chart, by helm: its values, what it makes of them, and how that does on a real cluster."""
