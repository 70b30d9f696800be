"""The journal: dated steps in the six parts of the work, and the picture that is made of them."""
