"""Tests of the image builder; they build nothing."""
