"""Numbers for Prometheus, each application its own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """What is counted, and the text that Prometheus reads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Counter(
            "hallwatch_events_ingested",
            "Events that workers delivered, by what became of them",
            ["outcome"],
            registry=self.registry,
        )
        self.decisions = Counter(
            "hallwatch_decisions",
            "What reviewers decided or took back",
            ["verdict"],
            registry=self.registry,
        )
        self.clips = Counter(
            "hallwatch_clips_stored", "Clips that arrived, by state", ["state"], registry=self.registry
        )
        self.sign_ins = Counter(
            "hallwatch_sign_ins", "Tries to sign in, by result", ["result"], registry=self.registry
        )
        self.analysed_fps = Gauge(
            "hallwatch_camera_analysed_fps",
            "Pictures judged a second, lower than asked where a worker cannot keep up",
            ["camera"],
            registry=self.registry,
        )
        self.clock_ahead = Gauge(
            "hallwatch_camera_clock_ahead_seconds",
            "How far the camera's own clock is before ours",
            ["camera"],
            registry=self.registry,
        )
        self.camera_state = Gauge(
            "hallwatch_camera_state",
            "1 for the state that each camera is in; not_reporting: its worker fell silent",
            ["camera", "state"],
            registry=self.registry,
        )
        self.requests = Histogram(
            "hallwatch_request_seconds",
            "Time to the first byte of an answer",
            ["method", "status"],
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._add_reports()
        self._add_disk()
        self._add_deliveries()

    def _add_reports(self) -> None:
        self.reports = Counter(
            "hallwatch_reports",
            "Tries to deliver a report by itself, by its kind, the way and what became of it",
            ["kind", "way", "outcome"],
            registry=self.registry,
        )

    def _add_deliveries(self) -> None:
        self.webhooks = Counter(
            "hallwatch_webhook_attempts",
            "Tries to send a message to a webhook, by what became of them",
            ["outcome"],
            registry=self.registry,
        )
        self.supervision = Counter(
            "hallwatch_supervision_attempts",
            "Tries to send a message to the supervision platform, by way and outcome",
            ["way", "outcome"],
            registry=self.registry,
        )
        self.undelivered = Gauge(
            "hallwatch_undelivered",
            "Messages that still wait to be taken, by to whom",
            ["to"],
            registry=self.registry,
        )

        self.pending = Gauge(
            "hallwatch_pending_events", "Events that wait for a verdict", registry=self.registry
        )
        self.oldest_pending = Gauge(
            "hallwatch_oldest_pending_seconds",
            "How long the event waits that waits longest; 0 where none does",
            registry=self.registry,
        )

    def _add_disk(self) -> None:
        self.disk_free = Gauge(
            "hallwatch_disk_free_bytes", "Room left where clips are kept", registry=self.registry
        )
        self.disk_total = Gauge(
            "hallwatch_disk_total_bytes", "Size of the disk where clips are kept", registry=self.registry
        )
        self.disk_low = Gauge(
            "hallwatch_disk_low", "1 while less room is left than shall be: alarm", registry=self.registry
        )
        self.evicted = Counter(
            "hallwatch_evicted",
            "Events whose film or review copy was deleted to make room",
            ["what"],
            registry=self.registry,
        )

    def text(self) -> bytes:
        """All numbers in Prometheus' text format."""
        return generate_latest(self.registry)
