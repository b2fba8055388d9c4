"""Calibrations: tried, saved on top of what was seen, restored; refused in words; told to workers."""

import re
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from api.calibration_words import SENTENCES_ZH
from api.tables import AuditRow
from calibration.errors import Code
from tests.api.conftest import BOTH, MORNING, Running
from tests.api.messages import deliver_hall, hall
from tests.calibration.measured_hall import BOW_TIE, SIZE, SPOTS_M, STAFF, measured, measured_floor, share_of

PATH = "/api/v1/cameras/cam1/calibration"
WORKERS_DOOR = "/api/v1/ingest/cameras/cam1/calibration"
CHINESE, ENGLISH = {"Accept-Language": "zh-CN"}, {"Accept-Language": "en"}
SEAT = {"staff": STAFF, "public": None}
SITE: dict[str, Any] = {"floor": None, "zones": {"w1": SEAT, "w2": SEAT}}
BOTH_WINDOWS = measured("w1", "w2")


@pytest.fixture
def told(worker: TestClient) -> TestClient:
    """The worker, which told its hall with the site file's calibration, and its picture's size."""
    deliver_hall(worker, cameras=[hall()["cameras"][0] | {"calibration": SITE}])
    tell(worker)
    return worker


def tell(worker: TestClient, state: str = "live", **fields: Any) -> None:
    status = {"state": state, "since": MORNING.isoformat(), "size": SIZE, **fields}
    assert worker.put("/api/v1/ingest/cameras/cam1/status", json=status).status_code == 204


def save(
    person: TestClient,
    content: Any = BOTH_WINDOWS,
    *,
    on: int | None = 0,
    headers: Any = CHINESE,
    **fields: Any,
) -> Response:
    sent = headers if on is None else headers | {"If-Match": f'"{on}"'}
    return person.put(PATH, json={"content": content, **fields}, headers=sent)


def preview(person: TestClient, content: Any, headers: Any = CHINESE) -> Response:
    return person.post(f"{PATH}/preview", json={"content": content, "size": SIZE}, headers=headers)


def restore(person: TestClient, revision: int, *, on: int) -> Response:
    return person.post(f"{PATH}/restoration", json={"revision": revision}, headers={"If-Match": f'"{on}"'})


def written_down(api: Running) -> Sequence[AuditRow]:
    """What the audit holds of the camera."""
    engine = create_engine(api.settings.database_url)
    with Session(engine) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.subject == "cam1").order_by(AuditRow.id)).all()
    engine.dispose()
    return rows


def moved_point(number: int, by: float = 0.15) -> dict[str, Any]:
    """The calibration with one point clicked wrongly."""
    content = deepcopy(BOTH_WINDOWS)
    content["floor"]["points"][number - 1]["at"][0] += by
    return content


def test_before_anything_is_saved_the_site_file_holds(told: TestClient, person: TestClient) -> None:
    answer = person.get(PATH)
    assert answer.headers["ETag"] == '"0"'
    assert answer.json() == {
        "revision": 0,
        "content": SITE,
        "saved_at": None,
        "saved_by": None,
        "note": None,
        "size": list(SIZE),
        "stale": False,
        "in_use": None,
        "windows": hall()["windows"],
    }
    (only,) = person.get(f"{PATH}/revisions").json()
    assert (only["revision"], only["saved_by"], only["points"]) == (0, None, 0)


@BOTH
def test_what_is_saved_is_read_again_by_people_and_workers_and_written_down(
    api: Running, told: TestClient, person: TestClient
) -> None:
    answer = save(person, note=" 换了镜头 ")
    assert answer.status_code == 200, answer.text
    saved = answer.json()
    assert saved["content"] == BOTH_WINDOWS
    assert (saved["revision"], saved["saved_by"], saved["note"]) == (1, "supervisor", "换了镜头")
    assert person.get(PATH).json() == saved
    assert person.get(PATH).headers["ETag"] == answer.headers["ETag"] == '"1"'
    assert told.get(WORKERS_DOOR).json() == {"revision": 1, "content": BOTH_WINDOWS}
    (row,) = written_down(api)
    assert (row.actor, row.action) == ("supervisor", "calibration_saved")
    assert (row.detail["revision"], row.detail["points"]) == (1, len(SPOTS_M))


@BOTH
def test_who_worked_on_an_older_revision_is_told_who_saved_what_when(
    api: Running, told: TestClient, person: TestClient
) -> None:
    api.clock.move(minutes=20)
    assert save(person, note="第一次").status_code == 200
    refused = save(person, on=0)
    assert refused.status_code == 412
    problem = refused.json()
    assert problem["code"] == "calibration_changed"
    assert "supervisor 已于 2026-03-02 09:50 保存第 1 版" in problem["detail"], "the hall's own time"
    assert (problem["revision"], problem["saved_by"], problem["note"]) == (1, "supervisor", "第一次")
    assert save(person, on=0, headers=ENGLISH).json()["detail"].startswith("supervisor saved revision 1 on ")
    assert save(person, on=None).status_code == 428
    assert person.put(PATH, json={"content": SITE}, headers={"If-Match": "*"}).status_code == 428
    assert restore(person, 0, on=0).status_code == 412
    assert person.get(PATH).json()["revision"] == 1


@BOTH
def test_history_is_added_to_and_an_earlier_revision_can_hold_again(
    api: Running, told: TestClient, person: TestClient
) -> None:
    tiles = measured_floor(
        tile_m=[0.5, 0.5],
        points=[{"at": share_of(m), "m": None, "tile": [m[0] * 2, m[1] * 2]} for m in SPOTS_M],
    )
    other = {"floor": tiles, "zones": BOTH_WINDOWS["zones"]}
    assert save(person).status_code == 200
    assert save(person, other, on=1).status_code == 200
    answer = restore(person, 1, on=2)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"3"')
    assert answer.json()["content"] == BOTH_WINDOWS
    assert restore(person, 0, on=3).json()["content"] == SITE
    assert told.get(WORKERS_DOOR).json() == {"revision": 4, "content": None}, "the worker's own site file"
    assert restore(person, 9, on=4).status_code == 404
    listed = person.get(f"{PATH}/revisions").json()
    assert [(one["revision"], one["restored_from"]) for one in listed] == [
        (4, 0), (3, 1), (2, None), (1, None), (0, None),
    ]  # fmt: skip
    assert [one["points"] for one in listed] == [0, 6, 6, 6, 0]
    assert all(one["worst_cm"] < 0.1 for one in listed[1:4])
    actions = [row.action for row in written_down(api)]
    assert actions == ["calibration_saved"] * 2 + ["calibration_restored"] * 2


def test_a_preview_draws_the_floor_and_keeps_nothing(told: TestClient, person: TestClient) -> None:
    found = preview(person, BOTH_WINDOWS).json()
    assert [point["grade"] for point in found["points"]] == ["good"] * 6
    assert found["worst_cm"] < 0.1
    assert found["line_at_m"] == pytest.approx(1.0)
    assert found["warnings"] == []
    assert found["line"][0] == pytest.approx(share_of((-1.0, 1.5)), abs=1e-3)
    assert found["counter"][-1] == pytest.approx(share_of((1.0, 2.5)), abs=1e-3)
    assert len(found["ellipses"]) == len(SPOTS_M) + 2
    corner = share_of((0.0, 1.0))
    near = min(abs(x - corner[0]) + abs(y - corner[1]) for line in found["grid"] for x, y in line)
    assert near < 0.02, "the grid runs through whole and half metres"
    assert person.get(PATH).json()["revision"] == 0
    empty = preview(person, {"floor": None, "zones": {}}).json()
    assert (empty["points"], empty["grid"], empty["worst_cm"]) == ([], [], None)


def test_four_points_vouch_for_nothing(told: TestClient, person: TestClient) -> None:
    found = preview(person, measured(points=measured_floor()["points"][:4])).json()
    assert "only_four_points" in found["warnings"]
    assert {point["grade"] for point in found["points"]} == {"weak"}
    assert {point["left_out_cm"] for point in found["points"]} == {None}


def test_a_wrong_point_is_named_in_both_languages_and_stands_out(
    told: TestClient, person: TestClient
) -> None:
    for answer in (preview(person, moved_point(5)), save(person, moved_point(5))):
        assert answer.status_code == 422
        problem = answer.json()
        assert (problem["code"], problem["reason"]) == ("calibration_refused", "points_contradict")
        assert re.search(r"第 5 点差 \d+ 厘米", problem["detail"])
        worst = max(range(6), key=lambda index: problem["points"][index]["off_cm"])
        assert (worst, problem["points"][worst]["grade"]) == (4, "bad")
    english = preview(person, moved_point(5), ENGLISH)
    assert re.search(r"point 5 is \d+ cm off", english.json()["detail"])
    assert english.headers["Content-Language"] == "en"
    assert person.get(PATH).json()["revision"] == 0


@pytest.mark.parametrize(
    ("content", "reason", "zh"),
    [
        (measured("w1", "w2", points=measured_floor()["points"][:3]), "too_few_points", "至少需要 4 个点"),
        (measured("w1", "w2", points=[{"at": [0.5, 0.5]}] * 4), "point_not_measured", "第 1 点还没有尺寸"),
        (measured("w1", "w2", points=[{"at": [0.5, 0.5], "tile": [1, 1]}]), "tile_size_missing", "一块地砖"),
        (measured("w1", "w2", line_m=[[0, 2.5], [1, 2.5]]), "line_touches_counter", "一米线碰到了柜台"),
        (measured("w1", "w2", line_m=[[0, 1.5], [0, 1.5]]), "line_has_no_length", "一米线没有长度"),
        (measured("w1", "w2", straight_lines=[[[0.1, 0.1]]]), "lines_too_few", "至少需要 2 条直线"),
        (measured("w1"), "zone_missing", "2号窗口还没有工作人员区"),
        (measured("w1", "w2", "w9"), "zone_of_no_window", "没有窗口 w9"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(
    told: TestClient, person: TestClient, content: Any, reason: str, zh: str
) -> None:
    answer = save(person, content)
    assert answer.status_code == 422, answer.text
    assert answer.json()["reason"] == reason
    assert zh in answer.json()["detail"]
    english = save(person, content, headers=ENGLISH).json()["detail"]
    assert re.fullmatch(r"[A-Z0-9][\x20-\x7e]+\.", english), english


@pytest.mark.parametrize(
    ("corners", "reason", "zh", "en"),
    [
        (STAFF[:2], "zone_too_few_corners", "至少需要 3 个角", "at least 3 corners"),
        (BOW_TIE, "zone_crosses_itself", "边线自相交", "outline crosses itself"),
        ([[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]], "zone_has_no_area", "没有面积", "no area"),
    ],
)
def test_zones_are_held_to_the_rules_of_the_site_file(
    told: TestClient, person: TestClient, corners: Any, reason: str, zh: str, en: str
) -> None:
    content = deepcopy(BOTH_WINDOWS)
    content["zones"]["w2"]["public"] = corners
    problem = save(person, content).json()
    assert problem["reason"] == reason
    assert problem["detail"].startswith("2号窗口的公众区:")
    assert zh in problem["detail"]
    assert problem["errors"][0]["pointer"] == "/content/zones/w2/public"
    said = save(person, content, headers=ENGLISH).json()["detail"]
    assert said.startswith("Window 2, public side: ")
    assert en in said
    assert preview(person, content).status_code == 200, "a zone half drawn does not hide the floor"


def test_every_error_of_calibration_has_a_chinese_sentence_of_its_values() -> None:
    assert set(get_args(Code)) == set(SENTENCES_ZH)
    sources = Path(__file__).parents[2] / "calibration"
    text = "".join(path.read_text(encoding="utf-8") for path in sources.glob("*.py"))
    for code, sentence in SENTENCES_ZH.items():
        raised = text.split(f'"{code}"')[2:]
        assert raised, f"{code} is never raised"
        for name in re.findall(r"\{(\w+)", sentence):
            assert any(re.search(rf"\b{name}=", after[:200]) for after in raised), f"{code} tells no {name}"


def test_a_moved_camera_makes_its_calibration_stale(told: TestClient, person: TestClient) -> None:
    tell(told, "moved", calibration=0)
    found = person.get(PATH).json()
    assert (found["stale"], found["in_use"]) == (True, 0)


def test_open_pages_are_told_when_the_worker_has_taken_it(api: Running, told: TestClient) -> None:
    broadcaster = api.anybody.app.state.services.broadcaster  # type: ignore[attr-defined]
    last = broadcaster.last
    for revision in (1, 1, 2):
        tell(told, calibration=revision)
    assert [change.kind for change in broadcaster.since(last)] == ["camera"] * 2


def test_a_worker_is_told_only_what_it_does_not_have(
    api: Running, told: TestClient, person: TestClient
) -> None:
    first = told.get(WORKERS_DOOR)
    assert first.json() == {"revision": 0, "content": None}
    has = {"If-None-Match": first.headers["ETag"]}
    assert told.get(WORKERS_DOOR, headers=has).status_code == 304
    broadcaster = api.anybody.app.state.services.broadcaster  # type: ignore[attr-defined]
    last = broadcaster.last
    save(person)
    assert [change.kind for change in broadcaster.since(last)] == ["camera"], "open pages look again"
    fresh = told.get(WORKERS_DOOR, headers=has)
    assert (fresh.status_code, fresh.json()["revision"]) == (200, 1)
    assert told.get(WORKERS_DOOR, headers={"If-None-Match": fresh.headers["ETag"]}).status_code == 304
    assert person.get(WORKERS_DOOR).status_code == 401


def test_windows_are_the_site_files_to_give(told: TestClient, person: TestClient) -> None:
    save(person)
    camera = hall()["cameras"][0]
    elsewhere = {"staff": [[0, 0], [1, 0], [1, 1]], "public": None}
    changed = {"floor": None, "zones": {"w2": SEAT, "w3": elsewhere}}
    deliver_hall(told, cameras=[camera | {"windows": ["w2", "w3"], "calibration": changed}])
    content = person.get(PATH).json()["content"]
    assert content["zones"] == {"w2": BOTH_WINDOWS["zones"]["w2"], "w3": elsewhere}
    assert content["floor"] == BOTH_WINDOWS["floor"]
    assert told.get(WORKERS_DOOR).json()["content"] == content


def test_who_is_not_signed_in_sees_and_changes_nothing(
    api: Running, told: TestClient, person: TestClient
) -> None:
    assert api.anybody.get(PATH).status_code == 401
    assert save(api.anybody).status_code == 401
    assert person.get("/api/v1/cameras/cam9/calibration").json()["code"] == "camera_unknown"
    del person.headers["X-CSRF-Token"]
    assert save(person).status_code == 403


def test_a_camera_of_a_hall_of_before_has_no_calibration_yet(worker: TestClient, person: TestClient) -> None:
    deliver_hall(worker)
    found = person.get(PATH).json()
    assert (found["revision"], found["content"], found["size"]) == (0, None, [1280, 720])
    assert save(person).json()["revision"] == 1
