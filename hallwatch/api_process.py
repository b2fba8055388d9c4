"""The API as a process of its own: from our settings to its, and uvicorn around it."""

from typing import get_args
from urllib.parse import urlsplit

from api.accounts import FirstAccount, ensure_first_accounts
from api.evidence.watermarks import Watermarks
from api.fields import Role
from api.mqtt.settings import MqttSettings
from api.outbound import Place, PlaceError
from api.retention.rules import RetentionRules
from api.review_rules import ReviewRules
from api.second_factor.rules import SecondFactorRules
from api.settings import ApiSettings
from hallwatch.report_settings import report_settings
from hallwatch.settings import PAGE_DIR, Settings, SettingsError
from hallwatch.supervision_file import check_address, load_supervision
from hallwatch.worker_key import worker_key

GB = 10**9
ORIGINALS = "originals"
NOBODY = "nobody"


def api_settings(settings: Settings) -> ApiSettings:
    """What the API is told. Makes the data folder and the workers' key where they are missing."""
    key = worker_key(settings)
    outbound = outbound_places(settings)
    supervision = load_supervision(settings.supervision) if settings.supervision else None
    if supervision is not None:
        check_address(supervision, outbound)
    allowed = tuple(name.strip() for name in settings.allowed_hosts.split(",") if name.strip())
    return ApiSettings(
        database_url=settings.database.get_secret_value(),
        data_dir=settings.data_dir,
        worker_key=key,
        page_dir=PAGE_DIR if PAGE_DIR.is_dir() else None,
        allowed_hosts=allowed,
        cookie_secure=settings.cookie_secure,
        watermarks=Watermarks(
            low=round(settings.keep_free_gb * GB), high=round(1.5 * settings.keep_free_gb * GB)
        ),
        review=review_rules(settings),
        retention=retention_rules(settings),
        second_factor=second_factor_rules(settings),
        secrets_key=settings.secrets_key,
        outbound=outbound,
        outbound_ca=settings.outbound_ca,
        supervision=supervision,
        mqtt=mqtt_settings(settings),
        supervision_token=settings.supervision_token,
        reports=report_settings(settings),
    )


def outbound_places(settings: Settings) -> tuple[Place, ...]:
    """Where the service may send by itself. Raises `SettingsError` for what is no place."""
    try:
        return tuple(Place.parse(one.strip()) for one in settings.outbound.split(",") if one.strip())
    except PlaceError as error:
        raise SettingsError(f"HALLWATCH_OUTBOUND: {error}") from None


def mqtt_settings(settings: Settings) -> MqttSettings | None:
    """The broker of `mqtt://host[:port]` or `mqtts://…`; None where there is none. Raises `SettingsError`."""
    if not settings.mqtt_url:
        return None
    try:
        found = urlsplit(settings.mqtt_url)
        host, port = found.hostname, found.port
    except ValueError:
        host, port = None, None
    if not host or found.scheme not in ("mqtt", "mqtts") or "@" in found.netloc:
        raise SettingsError(
            "HALLWATCH_MQTT_URL: write mqtt://host:1883 or mqtts://host:8883; the user goes into "
            "HALLWATCH_MQTT_USERNAME, the password into HALLWATCH_MQTT_PASSWORD_FILE"
        )
    tls = found.scheme == "mqtts"
    return MqttSettings(
        host=host,
        port=port or (8883 if tls else 1883),
        tls=tls,
        ca=settings.outbound_ca,
        username=settings.mqtt_username,
        password=settings.mqtt_password,
        prefix=settings.mqtt_prefix.strip("/"),
        discovery=settings.mqtt_discovery.strip("/") or None,
    )


def second_factor_rules(settings: Settings) -> SecondFactorRules:
    """Of whom a second factor is demanded. Raises `SettingsError` for what is no role."""
    names = {name.strip() for name in settings.second_factor_for.split(",") if name.strip()}
    known = {*get_args(Role), ORIGINALS, NOBODY}
    if names - known:
        raise SettingsError(
            f"HALLWATCH_SECOND_FACTOR_FOR: {', '.join(sorted(names - known))} is no role; "
            f"write some of {', '.join(sorted(known))}"
        )
    roles: frozenset[Role] = frozenset(name for name in get_args(Role) if name in names)
    return SecondFactorRules(roles=roles, originals=ORIGINALS in names)


def review_rules(settings: Settings) -> ReviewRules:
    """How the hall reviews."""
    return ReviewRules(
        decide_within_days=settings.review_days,
        expire_after_days=settings.expire_days,
        double_share=settings.double_share,
        hide_score=settings.hide_score,
    )


def retention_rules(settings: Settings) -> RetentionRules:
    """How long the hall keeps what."""
    return RetentionRules(
        dismissed_days=settings.retain_dismissed_days,
        expired_days=settings.retain_expired_days,
        withdrawn_days=settings.retain_withdrawn_days,
        confirmed_days=settings.retain_confirmed_days,
        original_days=settings.retain_original_days,
    )


def first_accounts(settings: Settings, *, demo: bool) -> list[FirstAccount]:
    """The accounts that this start made, with their one-time passwords; none where there is somebody."""
    return ensure_first_accounts(api_settings(settings), demo=demo)


def serve(settings: Settings) -> None:
    """Run the API in this process until it is told to stop."""
    # Here, not above: only the process that serves loads the web framework.
    import uvicorn

    from api.app import create_app

    uvicorn.run(
        create_app(api_settings(settings)),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
