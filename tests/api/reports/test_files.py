"""Reports as files: the numbers of the figures' tables, in both languages, and nobody's name."""

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from api.reports import fonts
from tests.api.conftest import BOTH, Running
from tests.api.messages import decide, deliver, deliver_hall, deliver_hour, event

NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""09:00 in Shanghai, a Monday."""


@pytest.fixture
def monday(api: Running) -> TestClient:
    """A supervisor of a hall with one day: w1 with breaches, w2 hardly seen. It is the next day."""
    worker = api.worker
    deliver_hall(worker)
    deliver_hour(worker, NINE, 3600)
    deliver_hour(worker, NINE + timedelta(hours=1), 3000, detail={"unknown_s": {"dark": 600}})
    deliver_hour(worker, NINE, 1200, window="w2")
    deliver(
        worker,
        event(1, at=NINE, lasts_s=360),
        event(2, at=NINE + timedelta(hours=1), lasts_s=90, behaviour="phone_use"),
        event(3, at=NINE + timedelta(minutes=70), lasts_s=90, behaviour="phone_use"),
    )
    person = api.signed_in()
    decide(person, 1)
    decide(person, 2, verdict="dismissed")
    # Computed that day; what is computed later counts as a correction.
    assert person.get("/api/v1/figures/table").status_code == 200
    api.clock.now = NINE + timedelta(days=1)
    return api.signed_in()


def workbook(
    person: TestClient, path: str = "daily/2026-03-02.xlsx", language: str = "zh"
) -> dict[str, Worksheet]:
    """The sheets by name."""
    answer = person.get(f"/api/v1/reports/{path}", params={"language": language})
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.content))
    return {sheet.title: sheet for sheet in book.worksheets}


def pdf(person: TestClient, path: str = "daily/2026-03-02.pdf", language: str = "zh") -> PdfReader:
    """The PDF."""
    answer = person.get(f"/api/v1/reports/{path}", params={"language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def text_of(reader: PdfReader) -> str:
    """All text without blanks: setting Chinese beside Latin adds and loses some."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))


def rows_of(sheet: Worksheet, key: str = "A") -> dict[Any, dict[str, Any]]:
    """Rows below the first row of headings, by their first cell."""
    lines = list(sheet.iter_rows(values_only=True))
    heads = [str(head) for head in lines[0]]
    return {line[0]: dict(zip(heads, line, strict=True)) for line in lines[1:] if line[0] is not None}


@BOTH
def test_the_workbook_holds_the_numbers_of_the_table(monday: TestClient) -> None:
    table = monday.get("/api/v1/figures/table", params={"from": "2026-03-02", "to": "2026-03-02"}).json()
    windows = rows_of(workbook(monday)["按窗口"])
    names = {unit["id"]: unit["name"] for unit in table["units"]}
    assert {t["unit"] for t in table["totals"]} == {"w1", "w2"}
    for total in table["totals"]:
        row = windows[names[total["unit"]]]
        assert row["合规率"] == pytest.approx(total["compliance"])
        assert row["覆盖率"] == pytest.approx(total["coverage"])
        assert row["已观察时间 (小时)"] == pytest.approx(total["observed_s"] / 3600)
        assert (row["已确认"], row["待审核"], row["已排除"]) == (
            total["confirmed"],
            total["pending"],
            total["dismissed"],
        )
    summary = {line[0]: line[1] for line in workbook(monday)["总览"].iter_rows(values_only=True)}
    assert summary["合规率"] == pytest.approx(table["total"]["compliance"])
    assert summary["全部待审核"] == 1
    assert summary["过暗 (小时)"] == pytest.approx(600 / 3600)


def test_an_hour_of_which_too_little_was_seen_is_grey(monday: TestClient) -> None:
    sheets = workbook(monday)
    by_name = {row[0].value: row for row in sheets["按窗口"].iter_rows(min_row=2, max_row=3)}
    assert by_name["2号窗口"][1].fill.fgColor.rgb == "FFD9D9D9"
    assert by_name["1号窗口"][1].fill.fill_type is None
    matrix = {row[0].value: row for row in sheets["窗口×小时"].iter_rows(min_row=2, max_row=3)}
    assert (matrix["2号窗口"][1].value, matrix["2号窗口"][1].fill.fgColor.rgb) == (1, "FFD9D9D9")
    assert matrix["2号窗口"][2].value is None


def test_sheets_have_frozen_heads_formats_and_a_chart(monday: TestClient) -> None:
    sheets = workbook(monday)
    assert sheets["按窗口"].freeze_panes == "B2"
    assert sheets["按窗口"]["B2"].number_format == "0.0%"
    assert sheets["按窗口"].column_dimensions["A"].width >= 14
    assert len(sheets["按小时"]._charts) == 1


def test_a_name_is_no_formula_and_no_markup(api: Running, monday: TestClient) -> None:
    names = [{"id": "w1", "name": '=HYPERLINK("x")', "name_en": "#panic() *bold* $x$"}]
    deliver_hall(api.worker, windows=names, cameras=[], name="@大厅", name_en="+Hall")
    cell = workbook(monday)["按窗口"]["A2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")
    assert "#panic()*bold*$x$" in text_of(pdf(monday, language="en"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh",
            ["日报", "2026年3月2日星期一", "95.4%", "1号窗口", "抱胸", "机器只标记", "机器的误差", "覆盖率"],
        ),
        (
            "en",
            [
                "Dailyreport",
                "Monday2March2026",
                "95.4%",
                "Window1",
                "Armscrossed",
                "peoplejudge",
                "Errorrate",
            ],
        ),
    ],
)
def test_the_pdf_says_the_figures_with_embedded_fonts(
    monday: TestClient, language: str, said: list[str]
) -> None:
    reader = pdf(monday, language=language)
    text = text_of(reader)
    assert [word for word in said if word not in text] == []
    told = monday.get("/api/v1/figures/table?from=2026-03-02&to=2026-03-02").json()["total"]
    assert told["compliance"] == pytest.approx(0.954, abs=0.0005)
    assert all(embedded for embedded in embedded_fonts(reader))
    assert float(reader.pages[0].mediabox.width) == pytest.approx(595.28, abs=0.1)
    assert f"{len(reader.pages)}" in text


def embedded_fonts(reader: PdfReader) -> list[bool]:
    """For each font of each page whether its file is within."""
    found = []
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            found.append("/FontFile3" in below["/FontDescriptor"] or "/FontFile2" in below["/FontDescriptor"])
    assert found
    return found


def test_no_report_names_a_person(api: Running, monday: TestClient) -> None:
    for path in ("daily/2026-03-02.pdf", "daily/2026-03-02/board.pdf"):
        assert "supervisor" not in text_of(pdf(monday, path))
    for sheet in workbook(monday).values():
        cells = [str(cell) for line in sheet.iter_rows(values_only=True) for cell in line]
        assert not [cell for cell in cells if "supervisor" in cell]


def test_a_span_that_goes_on_is_provisional_and_one_to_come_is_refused(
    api: Running, monday: TestClient
) -> None:
    assert "暂行" not in text_of(pdf(monday))
    api.clock.now = NINE + timedelta(hours=3)
    person = api.signed_in()
    assert "暂行" in text_of(pdf(person))
    refused = person.get("/api/v1/reports/daily/2026-03-03.pdf")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/path/day")
    assert person.get("/api/v1/reports/weekly/9999-12-31.pdf").status_code == 422


def test_what_changed_after_the_end_shows_as_a_revision(monday: TestClient) -> None:
    assert "更正" not in text_of(pdf(monday))
    decide(monday, 3)
    assert "时段结束后数字有过1次更正" in text_of(pdf(monday))


def test_weeks_and_months_have_their_days_and_are_compared_to_those_before(
    api: Running, monday: TestClient
) -> None:
    deliver_hour(api.worker, NINE - timedelta(days=7), 3600)
    for path, name in (("weekly/2026-03-05.xlsx", 7), ("monthly/2026-03-31.xlsx", 31)):
        days = workbook(monday, path)["按日"]
        assert [row[0].value for row in days.iter_rows(min_row=2, max_row=8)][
            1 if name == 31 else 0
        ] == "2026-03-02"
        assert sum(1 for row in days.iter_rows(min_row=2) if re.match(r"\d{4}-", str(row[0].value))) == name
    summary = {line[0]: line for line in workbook(monday, "weekly/2026-03-05.xlsx")["总览"].values}
    assert summary["合规率"][2] == 1
    assert summary["合规率"][3] == pytest.approx(100 * (summary["合规率"][1] - 1))


def test_a_hall_without_any_record_still_has_a_report_that_says_so(api: Running) -> None:
    deliver_hall(api.worker)
    assert "没有任何记录" in text_of(pdf(api.signed_in()))
    assert workbook(api.signed_in())["总览"]["B7"].value is None


def test_a_missing_font_is_a_sentence_that_names_the_package(
    monday: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fonts, "PLACES", (str(tmp_path),))
    answer = monday.get("/api/v1/reports/daily/2026-03-02.pdf", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (503, "font_missing")
    assert "fonts-noto-cjk" in answer.json()["detail"]
    assert monday.get("/api/v1/reports/daily/2026-03-02.xlsx").status_code == 200


def test_only_who_may_read_figures_gets_reports(api: Running) -> None:
    deliver_hall(api.worker)
    assert api.anybody.get("/api/v1/reports/daily/2026-03-02.pdf").status_code == 401
