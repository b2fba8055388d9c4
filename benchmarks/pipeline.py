"""How many cameras a core carries, and what the pipeline costs beside its networks and the decoding.

    python benchmarks/pipeline.py CLIP.mp4 [--detector FILE]

CPU seconds of this process per second of video, single-threaded, analysed at 5 pictures a second. The bare
cost is decoding plus every call of a network at the price that the call has by itself.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from cameras.reader import read
from cameras.source import Source
from hallwatch.analyze import analyze
from hallwatch.networks import Networks, open_networks
from hallwatch.site import whole_frame_site
from models.detections import Region

REPEATS = 40


@dataclass
class Counted:
    """Passes calls on to an engine, and counts them by verb."""

    engine: Any
    calls: Counter[str] = field(default_factory=Counter)

    def __getattr__(self, verb: str) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            self.calls[verb] += 1
            return getattr(self.engine, verb)(*arguments, **more)

        return call


def cpu(run: Iterator[Any]) -> float:
    began = time.process_time()
    for _ in run:
        pass
    return time.process_time() - began


def bare_ms(network: Any, verb: str, image: np.ndarray) -> float:
    arguments = (Region(320, 180, 300),) if verb == "estimate" else ()
    began = time.process_time()
    for _ in range(REPEATS):
        getattr(network, verb)(image, *arguments)
    return (time.process_time() - began) / REPEATS * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--detector")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    networks = open_networks(given.detector)
    pose, detector = Counted(networks.pose), Counted(networks.detector)
    counted = Networks(pose, detector if networks.detector else None)  # type: ignore[arg-type]
    site = whole_frame_site(str(given.clip))
    began = time.process_time()
    analysed = analyze(site, site.cameras[0], counted)
    whole_s = time.process_time() - began
    decoding_s = cpu(read(Source.parse(str(given.clip))))
    image = np.random.default_rng(0).integers(0, 255, (360, 640, 3), dtype=np.uint8)
    bare_s = decoding_s
    for engine in (pose, detector):
        for verb, count in engine.calls.items():
            each_ms = bare_ms(engine.engine, verb, image)
            bare_s += count * each_ms / 1000
            print(f"{type(engine.engine).__name__}.{verb}: {count} calls, {each_ms:.1f} ms each")
    seconds = analysed.duration_s
    print(f"decoding      {decoding_s / seconds * 1000:6.1f} ms CPU per second of video")
    print(f"whole         {whole_s / seconds * 1000:6.1f} ms CPU per second of video")
    print(f"cameras/core  {seconds / whole_s:6.1f}")
    print(f"whole ÷ bare  {whole_s / bare_s:6.2f}")


if __name__ == "__main__":
    main()
