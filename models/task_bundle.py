"""Packing the two pose networks into the `.task` file that MediaPipe's task runner opens.

The runner wants to know from the landmark network itself how its input is normalised, which the file of the
package does not say. The metadata is a flatbuffer of its own (TFLite's `ModelMetadata`), kept as one more
buffer of the network; MediaPipe's writer for it needs a native module that its wheel lacks, so the few
tables are laid down here.
"""

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as tflite

from models.errors import NetworkRefused

METADATA_NAME = b"TFLITE_METADATA"
METADATA_IDENTIFIER = b"M001"
NETWORK_IDENTIFIER = b"TFL3"

DETECTOR_MEMBER = "pose_detector.tflite"
LANDMARKS_MEMBER = "pose_landmarks_detector.tflite"

PIXEL_MEAN, PIXEL_STD = 0.0, 255.0
"""The landmark network takes 0..1."""

# Places of the fields in the tables of TFLite's metadata schema, and the number of fields each has.
MODEL_FIELDS, MODEL_SUBGRAPHS, MODEL_MIN_PARSER = 8, 3, 7
SUBGRAPH_FIELDS, SUBGRAPH_INPUTS = 10, 2
TENSOR_FIELDS, TENSOR_PROCESS_UNITS = 7, 4
UNIT_FIELDS, UNIT_OPTIONS_TYPE, UNIT_OPTIONS = 2, 0, 1
NORMALIZATION_FIELDS, NORMALIZATION_MEAN, NORMALIZATION_STD = 2, 0, 1
NORMALIZATION = 1
"""`NormalizationOptions` among the union `ProcessUnitOptions`."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The zip format's own first moment, so that the same networks always give the same file."""

ALIGNMENT = 16
"""Bytes on which TFLite's schema wants weights to begin."""

LOCAL_HEADER_BYTES = 30
"""Of a zip member, before its name."""

EXTRA_HEADER = struct.Struct("<HH")
PADDING_FIELD = 0xD935
"""The zip extra field that Android's packages use for alignment; readers skip what they do not know."""


def packed_task(detector: bytes, landmarks: bytes) -> bytes:
    """The `.task` file of these two networks: a zip archive whose members are stored, not compressed.

    Raises:
        NetworkRefused: `landmarks` is not a TensorFlow Lite network.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, network in ((DETECTOR_MEMBER, detector), (LANDMARKS_MEMBER, with_normalization(landmarks))):
            archive.writestr(_aligned_member(name, packed.tell()), network)
    return packed.getvalue()


def _aligned_member(name: str, at: int) -> zipfile.ZipInfo:
    """A member whose header begins at byte `at`, and its content on 16 bytes so that it is mapped as is."""
    member = zipfile.ZipInfo(name, EPOCH)
    unpadded = at + LOCAL_HEADER_BYTES + len(name) + EXTRA_HEADER.size
    padding = -unpadded % ALIGNMENT
    member.extra = EXTRA_HEADER.pack(PADDING_FIELD, padding) + bytes(padding)
    return member


def with_normalization(network: bytes, mean: float = PIXEL_MEAN, std: float = PIXEL_STD) -> bytes:
    """The same network with metadata that says: feed me (pixel − mean) ÷ std.

    Raises:
        NetworkRefused: `network` is not a TensorFlow Lite network.
    """
    if network[4:8] != NETWORK_IDENTIFIER:
        raise NetworkRefused("The pose network is damaged: run `hallwatch models pull`.")
    try:
        model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAs(network))
    except (struct.error, IndexError, ValueError, TypeError) as error:
        raise NetworkRefused("The pose network is damaged: run `hallwatch models pull`.") from error
    _attach(model, normalization_metadata(mean, std))
    builder = _AlignedBuilder(len(network) + 4096)
    builder.Finish(model.Pack(builder), NETWORK_IDENTIFIER)
    return bytes(builder.Output())


class _AlignedBuilder(flatbuffers.Builder):  # type: ignore[misc]  # the package has no types
    """Lays every vector on 16 bytes, as TFLite's schema asks of weights, so that they are used in place."""

    def StartVector(self, elemSize: int, numElems: int, alignment: int) -> int:  # noqa: N802, N803
        return int(super().StartVector(elemSize, numElems, max(alignment, ALIGNMENT)))


def _attach(model: Any, metadata: bytes) -> None:
    buffer = tflite.BufferT()
    buffer.data = np.frombuffer(metadata, dtype=np.uint8)
    model.buffers.append(buffer)
    entry = tflite.MetadataT()
    entry.name, entry.buffer = METADATA_NAME, len(model.buffers) - 1
    kept = [known for known in model.metadata or [] if known.name != METADATA_NAME]
    model.metadata = [*kept, entry]


def normalization_metadata(mean: float, std: float) -> bytes:
    """A `ModelMetadata` flatbuffer that names only how the one input is normalised, innermost table first."""
    builder = flatbuffers.Builder(256)
    means, stds = _floats(builder, mean), _floats(builder, std)
    options = _table(builder, NORMALIZATION_FIELDS, {NORMALIZATION_MEAN: means, NORMALIZATION_STD: stds})
    builder.StartObject(UNIT_FIELDS)
    builder.PrependUint8Slot(UNIT_OPTIONS_TYPE, NORMALIZATION, 0)
    builder.PrependUOffsetTRelativeSlot(UNIT_OPTIONS, options, 0)
    units = _tables(builder, builder.EndObject())
    tensors = _tables(builder, _table(builder, TENSOR_FIELDS, {TENSOR_PROCESS_UNITS: units}))
    subgraphs = _tables(builder, _table(builder, SUBGRAPH_FIELDS, {SUBGRAPH_INPUTS: tensors}))
    parser = builder.CreateString("1.0.0")
    root = _table(builder, MODEL_FIELDS, {MODEL_SUBGRAPHS: subgraphs, MODEL_MIN_PARSER: parser})
    builder.Finish(root, METADATA_IDENTIFIER)
    return bytes(builder.Output())


def _table(builder: Any, fields: int, offsets: dict[int, int]) -> int:
    builder.StartObject(fields)
    for slot, offset in offsets.items():
        builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
    return int(builder.EndObject())


def _tables(builder: Any, table: int) -> int:
    """A vector of one table."""
    return _vector(builder, table, builder.PrependUOffsetTRelative)


def _floats(builder: Any, value: float) -> int:
    """A vector of one number."""
    return _vector(builder, value, builder.PrependFloat32)


def _vector(builder: Any, element: Any, prepend: Callable[[Any], None]) -> int:
    builder.StartVector(4, 1, 4)
    prepend(element)
    return int(builder.EndVector())
