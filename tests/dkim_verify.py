"""Checks a mail's DKIM signature as a stranger would, with dkimpy. The mail comes on standard input;
the arguments are the name of the key's DNS record and what it says. Prints true or false."""

import sys

import dkim

name, record = sys.argv[1:]
# Lines end in CRLF on the wire, which standard input must not touch.
mail = sys.stdin.buffer.read()


def txt(asked, timeout=5):
    return record.encode() if asked.decode().rstrip(".") == name else None


print("true" if dkim.verify(mail, dnsfunc=txt) else "false")
