"""What people fill in: the first page (`start`), one form per question (`answers`, `rows`)."""
