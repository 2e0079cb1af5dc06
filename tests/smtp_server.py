"""A real SMTP server for the tests: aiosmtpd on a free port, or on the one named by --port.

Prints its port, then a JSON line for each mail it is handed. It misbehaves on demand.

By the recipient's name, at RCPT: refuse@ 550, policy@ 554 5.7.1, full@ 552, later@ 451, busy@ 421, cut@ ends
the connection the first time, silent@ never answers. After the final dot: big@ 552, junk@ 554, twice@ takes a
mail only when it comes again, drop@ takes it and ends the connection without a word the first time, slow@
answers after half a second, long@ after twelve, stuck@ never.

For everybody: --password lets nobody in without it; --refuse-mail says this to MAIL; --greet says this instead
of a greeting; --certificate and --key offer STARTTLS, --refuse-tls offers it and refuses.
"""

import argparse
import asyncio
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Taker:
    def __init__(self, refusal):
        self.seen = set()
        self.refusal = refusal

    def is_first(self, address):
        is_first = address not in self.seen
        self.seen.add(address)
        return is_first

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.refusal:
            return self.refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answers = {
            "refuse": "550 no such mailbox",
            "policy": "554 5.7.1 not from you",
            "full": "552 mailbox full",
            "later": "451 try again later",
            "busy": "421 too busy for you",
        }
        name = address.split("@")[0]
        if name in answers:
            return answers[name]
        if name == "silent":
            await asyncio.Event().wait()
        if name == "cut" and self.is_first(address):
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "raw": envelope.content.decode("utf-8", "replace"),
        }
        print(json.dumps(mail), flush=True)
        address = envelope.rcpt_tos[0]
        name = address.split("@")[0]
        if name == "twice" and self.is_first(address):
            return "451 busy, come again"
        if name == "drop" and self.is_first(address):
            server.transport.abort()
        if name == "stuck":
            await asyncio.Event().wait()
        await asyncio.sleep({"slow": 0.5, "long": 12}.get(name, 0))
        return {"big": "552 too big", "junk": "554 unwanted"}.get(name, "250 OK")


class Refusing(SMTP):
    async def smtp_STARTTLS(self, arg):
        await self.push("554 no TLS today")


async def turn_away(words, reader, writer):
    writer.write(words.encode() + b"\r\n")
    await writer.drain()
    writer.close()


async def serve(arguments):
    def let_in(server, session, envelope, mechanism, data):
        is_right = data.password.decode() == arguments.password
        return AuthResult(success=is_right, handled=False)

    taker = Taker(arguments.refuse_mail)
    settings = {"enable_SMTPUTF8": True}
    if arguments.password is not None:
        settings |= {
            "auth_required": True,
            "auth_require_tls": False,
            "authenticator": let_in,
        }
    if arguments.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(arguments.certificate, arguments.key)
        settings |= {"tls_context": context, "require_starttls": arguments.require_tls}
    kind = Refusing if arguments.refuse_tls else SMTP
    if arguments.refuse_tls:
        settings["tls_context"] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)

    place = {"host": arguments.host, "port": arguments.port}
    if arguments.greet:
        words = arguments.greet
        server = await asyncio.start_server(lambda r, w: turn_away(words, r, w), **place)
    else:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: kind(taker, **settings), **place)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--password")
parser.add_argument("--refuse-mail")
parser.add_argument("--greet")
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--refuse-tls", action="store_true")
parser.add_argument("--require-tls", action="store_true")
asyncio.run(serve(parser.parse_args()))
