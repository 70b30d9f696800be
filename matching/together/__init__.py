"""One initiative asks another to do it together. Contact details change hands only by a yes."""
