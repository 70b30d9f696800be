"""A verified intermediary proposes that an initiative and a giver meet. Each of the two says yes or no by itself."""
