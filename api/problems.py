"""Errors as people and programs read them: RFC 9457 problem details, in Chinese or English."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from api.meanings import MEANINGS

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


_BY_STATUS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}

_FIELD_ZH = {
    "missing": "缺少此项",
    "extra_forbidden": "不认识此项",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "string_pattern_mismatch": "格式不符",
    "literal_error": "不在允许的取值之内",
    "enum": "不在允许的取值之内",
    "timezone_aware": "时间须带时区",
    "json_invalid": "不是有效的 JSON",
    "greater_than_equal": "数值太小",
    "less_than_equal": "数值太大",
    "finite_number": "须为有限数值",
    "too_long": "条目太多",
    "too_short": "条目太少",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong in a request; `pointer` is a JSON pointer into it."""

    pointer: str
    zh: str
    en: str


class Problem(HTTPException):
    """Ends a request with the problem of that code; `errors` name what to correct.

    `said` (zh, en) says of this very case what to do, `more` are members beside the standard's.
    """

    def __init__(
        self,
        code: str,
        *errors: FieldError,
        headers: Mapping[str, str] | None = None,
        said: tuple[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(MEANINGS[code].status, code, dict(headers or {}))
        self.code = code
        self.errors = errors
        self.said = said
        self.more = dict(more or {})


def install(app: FastAPI) -> None:
    """Let every error of `app` leave as a problem."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(OperationalError, _on_database)
    app.add_exception_handler(PoolTimeoutError, _on_database)
    # Two writers brought the same new row at once; the second finds it there when it comes back.
    app.add_exception_handler(IntegrityError, _on_database)
    app.add_exception_handler(Exception, _on_unexpected)


def answer(
    language: str,
    code: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    *,
    said: tuple[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """The problem as a response, in `zh` or `en`; `said` and `more` as in `Problem`."""
    meaning = MEANINGS[code]
    do_zh, do_en = said or (meaning.do_zh, meaning.do_en)
    chinese = language == "zh"
    body: dict[str, Any] = {
        **(more or {}),
        "type": f"urn:hallwatch:problem:{code}",
        "title": meaning.zh if chinese else meaning.en,
        "status": meaning.status,
        "detail": do_zh if chinese else do_en,
        "code": code,
        "errors": [{"pointer": e.pointer, "message": e.zh if chinese else e.en} for e in errors],
    }
    sent = {"Content-Language": "zh-CN" if chinese else "en", "Vary": "Accept-Language", **(headers or {})}
    return JSONResponse(body, meaning.status, sent, MEDIA_TYPE)


def preferred_language(accept: str) -> str:
    """`zh` or `en`, whichever an Accept-Language header wants more; Chinese unless English is preferred."""
    best = {"zh": 0.0, "en": 0.0}
    for part in accept.split(","):
        tag, _, weight = part.strip().partition(";")
        language = tag.split("-")[0].strip().lower()
        if language in best:
            best[language] = max(best[language], _quality(weight))
    return "en" if best["en"] > best["zh"] else "zh"


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def _language(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language", ""))


def _on_http(request: Request, error: Exception) -> Response:
    if isinstance(error, Problem):
        return answer(
            _language(request), error.code, error.errors, error.headers, said=error.said, more=error.more
        )
    assert isinstance(error, HTTPException)
    return answer(_language(request), _BY_STATUS.get(error.status_code, "bad_request"), (), error.headers)


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(_language(request), "invalid", [_field(item) for item in error.errors()[:100]])


def _field(item: Mapping[str, Any]) -> FieldError:
    where, *inside = item["loc"]
    pointer = "/".join(("", *(str(part) for part in (inside if where == "body" else (where, *inside)))))
    said = item.get("ctx", {}).get("zh") if item["type"] == "refused" else _FIELD_ZH.get(item["type"])
    return FieldError(pointer, said or f"无效({item['msg']})", str(item["msg"]))


def _on_database(request: Request, error: Exception) -> Response:
    text = str(error).lower()
    log.warning("the database refused: %s", type(error).__name__, exc_info=error)
    if "disk is full" in text or "no space left" in text:
        return answer(_language(request), "disk_full")
    if "readonly database" in text:
        return answer(_language(request), "disk_read_only")
    return answer(_language(request), "busy", headers={"Retry-After": "2"})


def _on_unexpected(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return answer(_language(request), "internal")
