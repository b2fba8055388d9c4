"""One byte range of a file, as RFC 9110 section 14 has it."""


class UnsatisfiableError(ValueError):
    """The range lies outside the file."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte asked for, both included; None where the whole file is the answer.

    The whole answers no range, another unit, several ranges, and what cannot be read (a server may ignore
    each of these). Raises UnsatisfiableError for a range that begins behind the file's end.
    """
    unit, _, asked = (header or "").partition("=")
    first_text, dash, last_text = asked.strip().partition("-")
    if unit.strip().lower() != "bytes" or "," in asked or not dash:
        return None
    if not _number(first_text) or not _number(last_text) or not first_text + last_text:
        return None
    if not first_text:
        return _suffix(int(last_text), size)
    first, last = int(first_text), int(last_text) if last_text else size - 1
    if last_text and last < first:
        return None
    if first >= size:
        raise UnsatisfiableError(f"{first} of {size}")
    return first, min(last, size - 1)


def _suffix(length: int, size: int) -> tuple[int, int]:
    if length == 0 or size == 0:
        raise UnsatisfiableError(f"the last {length} of {size}")
    return max(0, size - length), size - 1


def _number(text: str) -> bool:
    return text == "" or (text.isascii() and text.isdecimal() and len(text) <= 18)
