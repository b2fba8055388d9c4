"""A report as a mail with its files, and handing it to an SMTP server. The password is never in any error."""

import hashlib
import smtplib
import socket
import ssl
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from api.reports import formats
from api.reports.content import Report
from api.reports.settings import MailServer
from api.reports.words import Language, span_name, unit_name, word

Attachment = tuple[str, str, bytes]
"""File name, media type, content."""


class MailRefusedError(Exception):
    """The server would not take it, or could not be reached; the text says why and names no secret."""


def message_of(
    report: Report, language: Language, sender: str, recipient: str, files: Sequence[Attachment]
) -> EmailMessage:
    """The mail; the same report to the same person always has the same Message-ID."""
    hall = " ".join(unit_name(report.hall, language).split())
    what, span = word(report.span.kind, language), span_name(report.span, language)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{hall} {what} {span}"
    message["From"] = Address("hallwatch", addr_spec=sender)
    message["To"] = recipient
    message["Date"] = format_datetime(report.made_at)
    message["Auto-Submitted"] = "auto-generated"
    told = f"{report.hall.id}\n{report.span.kind}\n{report.span.first.isoformat()}\n{recipient}"
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{hashlib.sha256(told.encode()).hexdigest()[:32]}@{domain}>"
    message.set_content(
        word(
            "mail_text",
            language,
            hall=hall,
            what=what,
            span=span,
            compliance=formats.percent(report.total.compliance),
            coverage=formats.percent(report.total.coverage),
            confirmed=report.total.confirmed,
            pending=report.total.pending,
            principle=word("principle", language),
        )
    )
    for name, media_type, body in files:
        main, _, sub = media_type.partition("/")
        message.add_attachment(body, maintype=main, subtype=sub, filename=name)
    return message


def send(server: MailServer, message: EmailMessage) -> None:
    """Hand it to the server. Raises MailRefusedError."""
    try:
        with _connected(server) as connection:
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password.get_secret_value())
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        said = "; ".join(f"{who}: {code} {_text(text)}" for who, (code, text) in error.recipients.items())
        raise MailRefusedError(_without_secret(server, said)) from None
    except smtplib.SMTPResponseException as error:
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
        raise MailRefusedError(_without_secret(server, said)) from None
    except (smtplib.SMTPException, OSError) as error:
        said = f"{server.host}:{server.port}: {error}"
        raise MailRefusedError(_without_secret(server, said)) from None


def _connected(server: MailServer) -> smtplib.SMTP:
    # Asking the network for this machine's full name can take longer than the whole mail.
    name = socket.gethostname()
    if server.security == "tls":
        context = _trust(server)
        return smtplib.SMTP_SSL(server.host, server.port, name, timeout=server.patience_s, context=context)
    connection = smtplib.SMTP(server.host, server.port, name, timeout=server.patience_s)
    if server.security == "starttls":
        try:
            connection.starttls(context=_trust(server))
        except (smtplib.SMTPException, OSError):
            connection.close()
            raise
    return connection


def _trust(server: MailServer) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if server.ca_file is not None:
        context.load_verify_locations(server.ca_file)
    return context


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _without_secret(server: MailServer, text: str) -> str:
    secret = server.password.get_secret_value() if server.password else ""
    return text.replace(secret, "***") if secret else text
