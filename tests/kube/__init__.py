"""Tests of the Kubernetes edge."""
