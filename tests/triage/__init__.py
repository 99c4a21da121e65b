"""Pods that are broken in one way each, and pods that are not, as manifests; and what triage must say of them."""
