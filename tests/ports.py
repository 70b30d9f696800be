"""Ports for servers that tests start."""

import random
import socket

#: Below the ports that a system gives to outgoing connections (from 32768 on Linux), or one of those may have taken
#: the port before the server that was promised it listens.
OWN_PORTS = range(15_000, 32_000)


def free_port() -> int:
    """A port on this machine that nobody listens on, and that no outgoing connection is given."""
    while True:
        port = random.choice(OWN_PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
