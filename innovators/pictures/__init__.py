"""Pictures of the work, on an initiative's page."""
