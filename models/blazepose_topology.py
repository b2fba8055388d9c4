"""Which of BlazePose's 33 landmarks is which COCO-17 keypoint; both name the person's own left first."""

COCO_FROM_BLAZEPOSE = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
"""For each COCO keypoint in order, the index of its BlazePose landmark (eyes: the middle of each)."""
