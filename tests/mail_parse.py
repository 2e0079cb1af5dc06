"""Parses every mail of a folder as a stranger's program would, with CPython's `email` and its default
policy, and breaks off at the first fault: a defect anywhere, a header or a line that RFC 5322 does not
allow, a body that is not encoded, a text that is not the first part. Prints how many there were."""

import email
import email.policy
import pathlib
import sys

ENCODED = {"quoted-printable", "base64"}


def faults(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    head = raw.split(b"\r\n\r\n", 1)[0]
    if not head.isascii():
        yield "a header with more than ASCII"
    for line in raw.split(b"\r\n"):
        if len(line) > 998 or b"\n" in line or b"\r" in line:
            yield f"a line of {len(line)} bytes"
    for line in head.split(b"\r\n"):
        if len(line) > 500:
            yield "a header line that is not folded"
    for part in mail.walk():
        yield from part.defects
        for name, value in part.items():
            for defect in getattr(value, "defects", ()):
                yield f"{name}: {defect!r}"
        if not part.is_multipart():
            if part["Content-Transfer-Encoding"] not in ENCODED:
                yield "a body that is not encoded"
            part.get_content()
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    if kinds != ["text/plain", "text/html"]:
        yield f"parts {kinds}"
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted"):
        if len(mail.get_all(name, [])) != 1:
            yield f"not one {name}"
    if not mail.get_body(("plain",)).get_content().strip():
        yield "no text"


count = 0
for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    for fault in faults(file.read_bytes()):
        sys.exit(f"{file.name}: {fault}")
    count += 1
print(f"{count} letters")
