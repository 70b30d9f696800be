"""What an initiative's people write about their work as it goes on: the ground of journal, value and spread."""
