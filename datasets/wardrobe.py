"""Who can be made: sexes, ages, builds, skins, hair, clothes and colours, chosen by a seed."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Colour = tuple[float, float, float]
"""Red, green, blue, 0..1."""

Role = Literal["clerk", "public"]


@dataclass(frozen=True, slots=True)
class Garment:
    """A folder of the figures, its texture (`diffuse` or the grey `ao`), and the colours it may have."""

    name: str
    texture: str
    tints: tuple[Colour, ...] = ((1.0, 1.0, 1.0),)
    formal: bool = False


WHITE: Colour = (1.0, 1.0, 1.0)
PLAIN = ((0.92, 0.93, 0.95), (0.62, 0.74, 0.90), (0.24, 0.28, 0.40), (0.55, 0.20, 0.24), (0.35, 0.42, 0.38))
FADED = (WHITE, (0.95, 0.85, 0.75), (0.75, 0.90, 1.0), (0.85, 0.95, 0.80))

CLOTHES = {
    "female": (
        Garment("female_elegantsuit01", "diffuse", (WHITE, (0.75, 0.95, 1.6), (1.5, 1.5, 1.6)), formal=True),
        Garment("male_elegantsuit01", "diffuse", (WHITE, (1.3, 1.4, 2.0), (2.2, 2.2, 2.3)), formal=True),
        Garment("female_casualsuit02", "ao", (*PLAIN, (0.52, 0.66, 0.50), (0.66, 0.44, 0.58))),
    ),
    "male": (
        Garment("male_elegantsuit01", "diffuse", (WHITE, (1.3, 1.4, 2.0), (2.2, 2.2, 2.3)), formal=True),
        Garment("male_casualsuit01", "ao", PLAIN),
        Garment("male_casualsuit03", "diffuse", FADED),
        Garment("male_casualsuit04", "diffuse", FADED),
        Garment("male_casualsuit05", "diffuse", FADED),
        Garment("male_casualsuit06", "diffuse", FADED),
    ),
}
HAIR = {"female": ("long01", "ponytail01", "short03"), "male": ("short01", "short02", "short03")}
BLACKS: tuple[Colour, ...] = ((0.30, 0.28, 0.28), (0.42, 0.38, 0.36), (0.60, 0.50, 0.44), (0.22, 0.21, 0.23))
SKINS = {
    "female": (
        "young_lightskinned_female_diffuse2",
        "young_lightskinned_female_diffuse3",
        "middleage_lightskinned_female_diffuse2",
    ),
    "male": (
        "young_lightskinned_male_diffuse",
        "young_lightskinned_male_diffuse2",
        "young_lightskinned_male_diffuse3",
        "middleage_lightskinned_male_diffuse",
        "middleage_lightskinned_male_diffuse2",
    ),
}
SKIN_TINTS: tuple[Colour, ...] = (
    (1.0, 0.96, 0.90),
    (1.0, 0.95, 0.85),
    (0.92, 0.86, 0.76),
    (0.97, 0.93, 0.88),
)
STATURE_M = {"female": (1.61, 0.05), "male": (1.72, 0.055)}
"""Mean and deviation, adults."""
SHOES = ("shoes01", "shoes03", "shoes04", "shoes05", "shoes06")
FORMAL_SHOES = ("shoes03", "shoes04")


@dataclass(frozen=True, slots=True)
class Looks:
    """One body and what it wears. `age` 0 young … 1 old; `muscle`, `weight` −1..1 about the mean."""

    sex: Literal["female", "male"]
    age: float
    muscle: float
    weight: float
    stature_m: float
    skin: str
    skin_tint: Colour
    hair: str
    hair_tint: Colour
    clothes: Garment
    clothes_tint: Colour
    shoes: str


def choose(seed: int, role: Role, sex: str | None = None) -> Looks:
    """The same looks for the same seed. Clerks dress formally; the public as it likes."""
    random = np.random.default_rng([seed, 11 if role == "clerk" else 23])
    drawn: Literal["female", "male"] = "female" if random.random() < 0.5 else "male"
    if sex is not None:
        drawn = "female" if sex == "female" else "male"
    clothes = [garment for garment in CLOTHES[drawn] if garment.formal or role == "public"]
    garment = clothes[int(random.integers(len(clothes)))]
    shoes = FORMAL_SHOES if role == "clerk" else SHOES
    return Looks(
        sex=drawn,
        age=float(random.uniform(0.0, 0.45 if role == "clerk" else 0.7)),
        muscle=float(random.uniform(-0.6, 0.4)),
        weight=float(random.uniform(-0.6, 0.6)),
        stature_m=float(np.clip(random.normal(*STATURE_M[drawn]), 1.48, 1.88)),
        skin=SKINS[drawn][int(random.integers(len(SKINS[drawn])))],
        skin_tint=SKIN_TINTS[int(random.integers(len(SKIN_TINTS)))],
        hair=HAIR[drawn][int(random.integers(3))],
        hair_tint=BLACKS[int(random.integers(len(BLACKS)))],
        clothes=garment,
        clothes_tint=garment.tints[int(random.integers(len(garment.tints)))],
        shoes=shoes[int(random.integers(len(shoes)))],
    )
