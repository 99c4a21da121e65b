"""Tests of the rules of `triage`."""
