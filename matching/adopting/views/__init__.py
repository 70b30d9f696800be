"""Pages of those who want to take something up and those who have done it."""
