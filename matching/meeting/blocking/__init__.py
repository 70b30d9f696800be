"""Who takes no more questions from whom."""
