"""The benchmark of backups."""
