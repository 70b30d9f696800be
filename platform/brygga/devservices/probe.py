"""Asks the web process of this container whether it lives: the image's health check.

Usage: `python -m brygga.devservices.probe`
"""

import http.client
import os
import sys

PORT = 8000


def main() -> int:
    # The host has to be one that the settings allow; a leading dot means any below it.
    host = os.environ.get("BRYGGA_ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    print(status)
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
