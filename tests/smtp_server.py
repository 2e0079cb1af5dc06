"""A real SMTP server for the tests: aiosmtpd on a free port, or on the one named by --port.

Prints its port, then a JSON line for each mail it is handed. By the recipient's name it refuses for
good (refuse@), for now (later@), takes a mail only when it comes again (twice@), or never answers
(silent@). With --password it lets nobody in without it.
"""

import argparse
import asyncio
import json

from aiosmtpd.smtp import SMTP, AuthResult


class Taker:
    def __init__(self):
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "451 try again later"
        if address.startswith("silent@"):
            await asyncio.Event().wait()
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
        if address.startswith("twice@") and address not in self.seen:
            self.seen.add(address)
            return "451 busy, come again"
        return "250 OK"


async def serve(arguments):
    def let_in(server, session, envelope, mechanism, data):
        is_right = data.password.decode() == arguments.password
        return AuthResult(success=is_right, handled=False)

    taker = Taker()

    def connected():
        if arguments.password is None:
            return SMTP(taker, enable_SMTPUTF8=True)
        return SMTP(
            taker,
            enable_SMTPUTF8=True,
            auth_required=True,
            auth_require_tls=False,
            authenticator=let_in,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connected, host="127.0.0.1", port=arguments.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--password")
asyncio.run(serve(parser.parse_args()))
