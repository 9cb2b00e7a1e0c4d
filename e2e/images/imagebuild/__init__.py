"""Builds container images without a container engine."""
