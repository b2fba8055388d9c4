"""What can go wrong with a camera or a clip, each in one sentence that says what to do.

    CameraError
    ├── BadSource     the text names nothing that can be opened
    ├── NotFound      no such file, or no such device
    ├── NotVideo      something is there, but it is no video
    ├── NoPicture     a video without a single picture (audio only, empty, cut off)
    ├── Unreachable   the camera does not answer, or refuses
    ├── Stalled       the camera answered and then fell silent
    ├── Corrupt       the data broke off or cannot be decoded
    ├── TooLarge      pictures above the limit
    └── ClipFailed    a clip or video could not be written; `reason` is a word for programs

No message ever holds a password: all of them pass `cameras.redaction.redact`.
"""

from cameras.redaction import redact


class CameraError(Exception):
    """Anything that a camera, a file or a disk did; the text is for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(redact(sentence))


class BadSource(CameraError):  # noqa: N818
    """The text names nothing that can be opened."""


class NotFound(CameraError):  # noqa: N818
    """There is no such file or device."""


class NotVideo(CameraError):  # noqa: N818
    """Something is there, but it is no video."""


class NoPicture(CameraError):  # noqa: N818
    """A video without a single picture in it."""


class Unreachable(CameraError):  # noqa: N818
    """The camera does not answer, or refuses."""


class Stalled(CameraError):  # noqa: N818
    """The camera answered and then fell silent."""


class Corrupt(CameraError):  # noqa: N818
    """The data broke off or cannot be decoded."""


class TooLarge(CameraError):  # noqa: N818
    """Pictures larger than the limit."""


class ClipFailed(CameraError):  # noqa: N818
    """A clip or video could not be written.

    `reason` is `disk_full`, `not_writable`, `no_packets` or `unreadable`.
    """

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason
