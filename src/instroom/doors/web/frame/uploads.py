"""Uploads on their way in: in files without a name, which are gone with the request or the process, however it ends."""

import tempfile
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from instroom.store.files import scratch


class UploadOnItsWay(TemporaryUploadedFile):
    """A file without a name that goes when it is closed, at the end of the request at the latest."""

    def __init__(self, name: str | None, content_type: str | None, charset: str | None, extra: Any) -> None:
        file = tempfile.TemporaryFile(dir=scratch.process_folder())  # noqa: SIM115 - Django closes it
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)

    def temporary_file_path(self) -> str:
        """Where it can be opened, for as long as it is open here."""
        return f"/proc/self/fd/{self.fileno()}"


class UploadHandler(TemporaryFileUploadHandler):
    """Django's own handler, with a folder of ours."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file in the folder of this process."""
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = file = UploadOnItsWay(self.file_name, self.content_type, self.charset, self.content_type_extra)
        if request := self.request:  # a file within which a request breaks off is none of its files to Django
            close = request.close
            request.close = lambda: (file.close(), close())  # type: ignore[method-assign, assignment]
