"""Adopters: organisations that want to take up something proven for a need of theirs."""
