"""Who else does it: what must stay the same, what may be adapted, and where it has been taken up."""
