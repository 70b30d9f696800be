"""What an answer says to whoever listens."""

from io import BytesIO
from zipfile import ZipFile


def words_of(content: bytes) -> str:
    """Return what an answer says: of a document, which is an archive, all that lies in it."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with ZipFile(BytesIO(content)) as document:
        return "".join(document.read(name).decode("utf-8", "replace") for name in document.namelist())
