"""Tests mirror the rooms; contract, e2e and consistency look across them."""
