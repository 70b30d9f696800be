"""An initiative goes to another organisation."""
