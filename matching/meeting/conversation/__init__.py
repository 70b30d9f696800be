"""What the two sides of an accepted introduction write to each other."""
