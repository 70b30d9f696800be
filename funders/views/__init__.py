"""Pages: `public` (catalogue and page), `register` (task list and questions), `steps` (publish, pause ...)."""
