"""The page in a real Chromium: what a visitor sees and does, on the simulated and on the real cluster."""
