"""Which practices a repository follows, by what its files prove."""
