"""The list of known networks (`registry.toml`), read into typed, checked values."""

import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import RegistryRefused

REGISTRY_FILE = Path(__file__).parent / "registry.toml"

Task = Literal["pose", "hands", "face", "detector"]


def _plain_name(name: str) -> str:
    """Names become file names in the store: nothing in them may lead out of it."""
    if name != PurePosixPath(name).name or "\\" in name or name.startswith("."):
        raise ValueError("must be a file name without folders")
    return name


FileName = Annotated[str, Field(min_length=1), AfterValidator(_plain_name)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Package(_Frozen):
    """A package of the user's index that is opened for the networks in it, never installed."""

    distribution: str
    version: str
    licence: str
    file: FileName
    sha256: Sha256
    size: int = Field(gt=0)
    platform: str
    python: str


class Source(_Frozen):
    """Where a network lies: in which package, under which name."""

    package: str
    member: str


class NetworkInput(_Frozen):
    """What the network wants to be fed: NHWC `shape`, the order of colours, and the `range` of values."""

    shape: tuple[int, int, int, int]
    colours: Literal["rgb", "bgr"]
    range: tuple[float, float]


class Network(_Frozen):
    """One network file; `size` in bytes, `decoder` names who understands its outputs."""

    about: str
    task: Task
    file: FileName
    licence: str
    source: Source
    sha256: Sha256
    size: int = Field(gt=0)
    input: NetworkInput
    decoder: str

    def is_content(self, content: bytes) -> bool:
        """Whether `content` is this network, to the last bit."""
        return hashlib.sha256(content).hexdigest() == self.sha256


class Bundle(_Frozen):
    """A file packed here from two networks, for MediaPipe's task runner."""

    about: str
    task: Task
    file: FileName
    licence: str
    detector: str
    landmarks: str


class Release(_Frozen):
    """A network that its makers publish; `member` names it in a zip, `family` who understands its outputs.

    Where `sha256` is not known, that of the first download is kept and later ones are held to it.
    """

    about: str
    task: Literal["pose", "detector"]
    family: str
    licence: str
    url: Annotated[str, Field(pattern=r"^https://[^\s]+/[\w.-]+$")]
    member: str | None = None
    sha256: Sha256 | None = None

    @property
    def file(self) -> str:
        """The name of the file that is downloaded."""
        return PurePosixPath(self.url).name


class Registry(_Frozen):
    """Everything `hallwatch models pull` can fetch, by name."""

    packages: dict[str, Package]
    networks: dict[str, Network]
    bundles: dict[str, Bundle] = {}
    releases: dict[str, Release] = {}

    @model_validator(mode="after")
    def _names_lead_somewhere(self) -> Self:
        for name, network in self.networks.items():
            if network.source.package not in self.packages:
                raise ValueError(f"networks.{name}: there is no package {network.source.package!r}")
        for name, bundle in self.bundles.items():
            for part in (bundle.detector, bundle.landmarks):
                if part not in self.networks:
                    raise ValueError(f"bundles.{name}: there is no network {part!r}")
        return self

    @model_validator(mode="after")
    def _files_are_told_apart(self) -> Self:
        files = [n.file for n in self.networks.values()] + [b.file for b in self.bundles.values()]
        twice = sorted({file for file in files if files.count(file) > 1})
        if twice:
            raise ValueError(f"two entries are kept in one file: {', '.join(twice)}")
        return self


def read_registry(path: Path = REGISTRY_FILE) -> Registry:
    """The registry in `path`.

    Raises:
        RegistryRefused: the file cannot be read, is not TOML, or says something the registry has no place
            for; the text names file and field.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Registry.model_validate(content)
    except OSError as error:
        raise RegistryRefused(f"{path} cannot be read ({error.strerror}): install hallwatch anew.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegistryRefused(f"{path} is not valid TOML: {error}.") from error
    except ValidationError as error:
        raise RegistryRefused(f"{path} has a mistake: {_first_mistake(error)}.") from error


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The registry that comes with hallwatch."""
    return read_registry()


def _first_mistake(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    what = str(first["msg"]).removeprefix("Value error, ")
    return f"{where}: {what}" if where else what
