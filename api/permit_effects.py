"""What a permit does, or would do, to each empty post that it touches, in sentences."""

from sqlalchemy.orm import Session

from api.explain import span_en, span_zh
from api.permit_models import PermitEffectOut, PermitEffects, PermitRulesOut
from api.permit_rules import PermitRules, Weighed
from api.permits import permits_for, rules_of, touched_by, touches, weighed_against
from api.tables import EventRow, PermitRow


def effects_of(session: Session, permit: PermitRow) -> PermitEffects:
    """Each empty post around the permit, held against it and all others in force.

    The permit may be one that nobody registered yet; a revoked one covers nothing any more.
    """
    rules, rows = rules_of(session), touched_by(session, permit)
    found = permits_for(session, rows)
    items = []
    for row in rows:
        permits = [known for known in found[row.id] if known.id != permit.id]
        if permit.revoked_at is None and touches(permit, row):
            permits.append(permit)
        items.append(_effect(row, weighed_against(row, permits, rules), annotated=bool(permits)))
    return PermitEffects(items=items)


def told_rules(rules: PermitRules) -> PermitRulesOut:
    """The hall's rules with their sentence."""
    zh, en = span_zh(rules.limit_s), span_en(rules.limit_s)
    return PermitRulesOut(
        limit_s=rules.limit_s,
        leave=rules.leave,
        stand_in=rules.stand_in,
        suspended=rules.suspended,
        explanation_zh=f"本厅规定:空岗达到 {zh}须报备。无报备的时段短于 {zh}的空岗不计入,事后补报也一样。",
        explanation_en=(
            f"In this hall a post that is empty for {en} must be reported, if need be late. Where less than"
            f" {en} of it lie without a permit, it does not count."
        ),
    )


def _effect(row: EventRow, weighed: Weighed, *, annotated: bool) -> PermitEffectOut:
    zh, en = _why(weighed, annotated=annotated)
    return PermitEffectOut.model_validate(
        {
            "event": row.id,
            "started_at": row.started_at,
            "ended_at": row.ended_at,
            "known_until": row.known_until,
            "state": row.state,
            "outcome": "withdrawn" if weighed.covered else "stays",
            "uncovered_s": weighed.uncovered_s,
            "limit_s": weighed.limit_s,
            "explanation_zh": zh,
            "explanation_en": en,
        }
    )


def _why(weighed: Weighed, *, annotated: bool) -> tuple[str, str]:
    if not weighed.held and annotated:
        return "本厅规定此类报备只作备注,事件保留。", "Here such a permit is a note only; the event stays."
    if not weighed.held:
        return "没有有效的报备,事件保留。", "No permit in force covers it; the event stays."
    left = span_zh(weighed.uncovered_s), span_en(weighed.uncovered_s)
    limit = span_zh(weighed.limit_s), span_en(weighed.limit_s)
    if not weighed.covered:
        return (
            f"仍有 {left[0]}无报备,已到 {limit[0]}的限值,事件保留。",
            f"{left[1]} lie without a permit, which is the limit of {limit[1]} or more; the event stays.",
        )
    if not weighed.uncovered_s:
        return "空岗全程有报备,事件撤回。", "Permits cover the whole absence; the event is withdrawn."
    return (
        f"无报备的时段最长 {left[0]},未到 {limit[0]}的限值,事件撤回。",
        f"At most {left[1]} lie without a permit, less than the limit of {limit[1]}; the event is withdrawn.",
    )
