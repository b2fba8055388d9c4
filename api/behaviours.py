"""The catalogue of banned conduct, for the page."""

from fastapi import APIRouter
from pydantic import BaseModel

from vision.article27 import ARTICLES, Article

router = APIRouter(prefix="/api/v1", tags=["hall"])


class LimitsOut(BaseModel):
    """When evidence becomes an event; seconds of camera time, the catalogue's defaults.

    `score` 0..1 is how strong evidence must be to count at all. An event carries the limits that it was
    flagged by in its measures (`hold_limit_s`, `window_limit_s`, `score_limit`), which a hall may have set.
    """

    hold_s: float
    window_s: float
    gap_s: float
    cooldown_s: float
    score: float


class BehaviourOut(BaseModel):
    """One banned behaviour: its names, its clause, how grave (1 gravest), and its limits.

    `joints` are the parts of the body that it is told by; none for presence and places on the floor.
    """

    code: str
    zh: str
    en: str
    clause: str
    clause_zh: str
    clause_en: str
    severity: int
    variants: list[str]
    joints: list[str]
    limits: LimitsOut


@router.get("/behaviours", operation_id="listBehaviours")
def list_behaviours() -> list[BehaviourOut]:
    """All behaviours that hallwatch knows."""
    return [_out(article) for article in ARTICLES]


def _out(article: Article) -> BehaviourOut:
    return BehaviourOut(
        code=article.code,
        zh=article.zh,
        en=article.en,
        clause=article.clause,
        clause_zh=article.clause_zh,
        clause_en=article.clause_en,
        severity=article.severity,
        variants=list(article.variants),
        joints=list(article.joints),
        limits=LimitsOut.model_validate(article.limits, from_attributes=True),
    )
