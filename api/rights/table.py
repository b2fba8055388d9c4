"""The one table of rights: what each route needs, what each role and each key may have (P10).

A route that is not in it answers 403 to everybody. `Reach` says how a route keeps to the windows that a
person answers for, so that no route can forget to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from api.fields import Role


class Right(StrEnum):
    """Something that somebody may do."""

    CATALOGUE = "catalogue"
    """Read names: the hall, its windows, the behaviours, what the figures mean."""
    EVENTS = "events"
    """Read what was flagged and what became of it, without pictures."""
    PICTURES = "pictures"
    """Watch review copies, skeletons and cameras."""
    ORIGINALS = "originals"
    """Ask for what was recorded, unblurred, and decide on what others ask for."""
    REVIEW = "review"
    """Judge events and appeals."""
    FIGURES = "figures"
    """Read figures."""
    REPORTS = "reports"
    """Download reports, read how they were sent."""
    PERMITS_READ = "permits_read"
    """Read leave, stand-ins and suspensions."""
    PERMITS = "permits"
    """Register and revoke them."""
    CAMERAS = "cameras"
    """Read how the cameras are."""
    CALIBRATE = "calibrate"
    """See a camera's still and change where it measures."""
    OWN_WINDOW = "own_window"
    """See and appeal what was confirmed at one's own window."""
    HOLD = "hold"
    """Keep an event from deletion by age, and release it."""
    RETENTION = "retention"
    """Read what is kept for how long, and what was deleted."""
    AUDIT = "audit"
    """Read the audit."""
    ACCOUNTS = "accounts"
    """Make, change and disable accounts."""
    WEBHOOKS = "webhooks"
    """Have changes told to other programs, and read how that went."""
    SUPERVISION = "supervision"
    """Read what the city's platform was told, and answer as the platform."""
    KEYS = "keys"
    """Make and revoke keys of other programs."""


class Reach(StrEnum):
    """How a route keeps to the windows of who asks."""

    NO_WINDOW = "no_window"
    """It is about no window."""
    BY_PATH = "by_path"
    """Its address names an event, permit, appeal or camera; the guard looks up whose it is."""
    NARROWED = "narrowed"
    """It narrows what it reads, or refuses what it is sent, itself."""
    WHOLE_HALL = "whole_hall"
    """It is about all windows together: only for who answers for all of them."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of who uses it."""

    right: Right
    reach: Reach


def _routes(reach: Reach, right: Right, *operations: str) -> dict[str, Access]:
    return {name: Access(right, reach) for name in operations}


ROUTES: Mapping[str, Access] = MappingProxyType(
    {
        **_routes(
            Reach.NO_WINDOW,
            Right.CATALOGUE,
            "readHall",
            "listBehaviours",
            "readDescription",
            "readFigureDefinitions",
        ),
        **_routes(Reach.NARROWED, Right.CATALOGUE, "streamChanges"),
        **_routes(Reach.NARROWED, Right.CATALOGUE, "readChanges", "exportChanges"),
        **_routes(Reach.NO_WINDOW, Right.CATALOGUE, "listChangeTypes"),
        **_routes(Reach.NARROWED, Right.EVENTS, "listEvents"),
        **_routes(Reach.BY_PATH, Right.EVENTS, "readEvent", "readSurroundings"),
        **_routes(
            Reach.BY_PATH,
            Right.PICTURES,
            "readSkeleton",
            "readReviewCopy",
            "readReviewPicture",
            "readLivePicture",
            "watchLivePictures",
        ),
        **_routes(Reach.NARROWED, Right.ORIGINALS, "listOriginals"),
        **_routes(
            Reach.BY_PATH,
            Right.ORIGINALS,
            "askForOriginal",
            "releaseOriginal",
            "refuseOriginal",
            "fetchOriginalArchive",
        ),
        **_routes(Reach.NARROWED, Right.REVIEW, "readQueue", "decideGroup", "listAppeals"),
        **_routes(Reach.NO_WINDOW, Right.REVIEW, "listViews", "saveView", "deleteView"),
        **_routes(Reach.WHOLE_HALL, Right.REVIEW, "readAgreement"),
        **_routes(
            Reach.BY_PATH,
            Right.REVIEW,
            "claimEvent",
            "releaseEvent",
            "decideEvent",
            "undoDecision",
            "giveSecondOpinion",
            "makeAppealLink",
            "decideAppeal",
        ),
        **_routes(
            Reach.NARROWED,
            Right.FIGURES,
            "readFigures",
            "readBehaviourFigures",
            "exportFigures",
            "exportBehaviourFigures",
            "readWorstHours",
            "readHourlyFigures",
            "readCalendar",
            "readTimeline",
        ),
        **_routes(Reach.WHOLE_HALL, Right.FIGURES, "readReviewing"),
        **_routes(
            Reach.WHOLE_HALL,
            Right.REPORTS,
            "readReportWorkbook",
            "readReportPdf",
            "readHonourBoard",
            "readReportSending",
        ),
        **_routes(Reach.BY_PATH, Right.HOLD, "readHold", "holdEvent", "releaseHold"),
        **_routes(Reach.NO_WINDOW, Right.RETENTION, "readRetention", "listDeletions"),
        **_routes(Reach.NARROWED, Right.PERMITS_READ, "listPermits"),
        **_routes(Reach.NO_WINDOW, Right.PERMITS_READ, "readPermitRules"),
        **_routes(Reach.BY_PATH, Right.PERMITS_READ, "readPermit", "listPermitEvents"),
        **_routes(Reach.NARROWED, Right.PERMITS, "registerPermit", "previewPermit"),
        **_routes(Reach.BY_PATH, Right.PERMITS, "revokePermit"),
        **_routes(Reach.NARROWED, Right.CAMERAS, "listCameras"),
        **_routes(Reach.NO_WINDOW, Right.CAMERAS, "readCameraNotice"),
        **_routes(
            Reach.BY_PATH,
            Right.CALIBRATE,
            "readStill",
            "readCalibration",
            "saveCalibration",
            "previewCalibration",
            "listCalibrationRevisions",
            "restoreCalibration",
        ),
        **_routes(Reach.NO_WINDOW, Right.OWN_WINDOW, "listOwnEvents", "appealEvent", "readOwnReviewCopy"),
        **_routes(Reach.NO_WINDOW, Right.AUDIT, "readAudit"),
        **_routes(
            Reach.NO_WINDOW,
            Right.ACCOUNTS,
            "listAccounts",
            "makeAccount",
            "changeAccount",
            "giveOneTimePassword",
            "forgetSecondFactor",
        ),
        **_routes(
            Reach.NO_WINDOW,
            Right.WEBHOOKS,
            "listWebhooks",
            "makeWebhook",
            "changeWebhook",
            "deleteWebhook",
            "renewWebhookSecret",
            "pingWebhook",
            "listDeliveries",
            "replayDelivery",
            "replayDeliveries",
        ),
        **_routes(
            Reach.WHOLE_HALL,
            Right.SUPERVISION,
            "listSupervisionMessages",
            "giveSupervisionFeedback",
            "readSupervisionSchema",
        ),
        **_routes(Reach.NO_WINDOW, Right.KEYS, "listKeys", "makeKey", "revokeKey"),
    }
)
"""What each operation needs. Routes of workers, of links and of signing in have guards of their own."""

RIGHTS_OF: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        "supervisor": frozenset(
            {
                Right.CATALOGUE,
                Right.EVENTS,
                Right.PICTURES,
                Right.ORIGINALS,
                Right.REVIEW,
                Right.FIGURES,
                Right.REPORTS,
                Right.PERMITS_READ,
                Right.PERMITS,
                Right.CAMERAS,
                Right.CALIBRATE,
                Right.HOLD,
            }
        ),
        "manager": frozenset({Right.CATALOGUE, Right.FIGURES, Right.REPORTS, Right.CAMERAS}),
        "administrator": frozenset(
            {
                Right.CATALOGUE,
                Right.CAMERAS,
                Right.ACCOUNTS,
                Right.KEYS,
                Right.WEBHOOKS,
                Right.SUPERVISION,
                Right.PERMITS_READ,
                Right.RETENTION,
            }
        ),
        "auditor": frozenset({Right.CATALOGUE, Right.AUDIT, Right.RETENTION}),
        "window_staff": frozenset({Right.OWN_WINDOW}),
    }
)
"""What each role may do: a manager reads figures and no single event, an administrator sees no picture."""

KEY_RIGHTS = frozenset(
    {
        Right.CATALOGUE,
        Right.EVENTS,
        Right.FIGURES,
        Right.REPORTS,
        Right.PERMITS_READ,
        Right.PERMITS,
        Right.CAMERAS,
        Right.SUPERVISION,
    }
)
"""What a key may be given at most: programs see no picture and judge nobody (P5)."""
