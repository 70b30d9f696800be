"""Those who want to take up something proven meet those who have done it."""
