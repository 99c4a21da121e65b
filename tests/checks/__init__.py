"""Tests of the checks: facts in, findings out."""
