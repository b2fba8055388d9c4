"""The process that makes review copies, and marks originals that were released; it gives way to others."""

import os
import threading

import cv2
import httpx

from hallwatch.copy_maker import ASK_EVERY_S, CopyMaker
from hallwatch.networks import open_networks
from hallwatch.original_maker import OriginalMaker
from hallwatch.settings import Settings
from hallwatch.worker_key import worker_key

NICE = 15


def make_copies(settings: Settings, address: str, stop: threading.Event) -> None:
    """Make what is wanted until `stop` is set. Raises `ModelsError`."""
    os.nice(NICE)
    cv2.setNumThreads(1)
    pose = open_networks(settings.detector, settings).pose
    key = worker_key(settings).get_secret_value()
    with httpx.Client(
        base_url=address,
        headers={"Authorization": f"Bearer {key}"},
        timeout=httpx.Timeout(60.0, connect=5.0),
        trust_env=False,
    ) as client:
        copies = CopyMaker(client, pose, blur_staff=settings.blur_staff)
        originals = OriginalMaker(client)
        while not stop.is_set():
            # Somebody sits and waits for an original; reviewers have others to look at meanwhile.
            if not originals.step() + copies.step(stop):
                stop.wait(ASK_EVERY_S)
