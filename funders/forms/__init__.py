"""What givers fill in: the first page (`start`), rules that are read back in words (`ruled`), one form per question."""
