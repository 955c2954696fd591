# SPDX-License-Identifier: GPL-2.0-or-later
"""A real SMTP server on loopback: smtp.py FOLDER [CERTIFICATE KEY]

It puts each mail into FOLDER/N.eml, with its recipient before it in
FOLDER/N.to; its port into FOLDER/port. Recipients that begin with "no." are
refused. With a certificate, STARTTLS is demanded.
"""
import os
import signal
import ssl
import sys

from aiosmtpd.controller import Controller


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.n = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("no."):
            return "550 there is nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.n += 1
        with open(f"{self.folder}/{self.n}.to", "w", encoding="utf-8") as out:
            out.write(f"{envelope.mail_from} {' '.join(envelope.rcpt_tos)} tls={session.ssl is not None}\n")
        with open(f"{self.folder}/{self.n}.new", "wb") as out:
            out.write(envelope.content)
        os.rename(f"{self.folder}/{self.n}.new", f"{self.folder}/{self.n}.eml")
        return "250 OK"


folder = sys.argv[1]
tls = None
if len(sys.argv) > 2:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[2], sys.argv[3])


class Server(Controller):
    def _trigger_server(self):
        # Which port it is was not known before it listened.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


server = Server(Handler(folder), hostname="127.0.0.1", port=0, tls_context=tls, require_starttls=tls is not None)
server.start()
with open(f"{folder}/port.new", "w", encoding="utf-8") as out:
    out.write(str(server.port))
os.rename(f"{folder}/port.new", f"{folder}/port")
signal.sigwait({signal.SIGTERM, signal.SIGINT})
server.stop()
