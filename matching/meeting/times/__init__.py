"""When and how the two sides of an accepted introduction meet."""
