"""Fixtures for all tests; they stand in tests/support, one noun a file."""

pytest_plugins = ["databases", "engines"]
