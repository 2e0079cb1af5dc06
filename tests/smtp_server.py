"""A real SMTP server for the tests: aiosmtpd on a free port.

Prints its port, then a JSON line for each mail it takes. Recipients named refuse@ are refused for
good, later@ for now.
"""

import asyncio
import json
import sys

from aiosmtpd.controller import Controller


class Taker:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "raw": envelope.content.decode("utf-8", "replace"),
        }
        print(json.dumps(mail), flush=True)
        return "250 OK"


def main():
    controller = Controller(Taker(), hostname="127.0.0.1", port=0)
    # Port 0 cannot be asked for by the controller's own check, so the loop is driven here.
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(controller.factory, host="127.0.0.1", port=0)
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    try:
        loop.run_forever()
    except KeyboardInterrupt:
        sys.exit(0)


main()
