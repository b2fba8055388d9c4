"""What can go wrong with networks; each error's text is one sentence that says what to do.

ModelsError
├── NetworkRefused   a file is not a network that can be used here
├── NetworkMissing   a network of the registry has not been fetched
├── ProviderMissing  ONNX Runtime cannot compute on what was asked for
├── ExportFailed     weights could not be made into an ONNX network
├── RegistryRefused  the list of networks itself has a mistake
└── PullFailed       the networks could not be fetched or stored
"""


class ModelsError(Exception):
    """Anything about networks that a person can put right; the text tells how."""


class NetworkRefused(ModelsError):  # noqa: N818 - named for what happened, as people say it
    """The file is not a network that can be used here."""


class NetworkMissing(ModelsError):  # noqa: N818
    """The network is known but not on this machine."""


class ProviderMissing(ModelsError):  # noqa: N818
    """ONNX Runtime on this machine cannot compute on what was asked for."""


class ExportFailed(ModelsError):  # noqa: N818
    """Weights could not be made into an ONNX network."""


class RegistryRefused(ModelsError):  # noqa: N818
    """A list of networks has a mistake."""


class PullFailed(ModelsError):  # noqa: N818
    """The networks could not be fetched or stored."""
