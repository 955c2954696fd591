# SPDX-License-Identifier: GPL-2.0-or-later
"""The host, as the guest sees it: its servers, and the program that manages the keys."""

import json
import socket

ADDRESS = "10.0.2.2"


class Host:
    def __init__(self, facts):
        self.facts = facts

    def ask(self, do, **args):
        with socket.create_connection((ADDRESS, self.facts["port"]), timeout=90) as sock:
            sock.sendall(json.dumps({"token": self.facts["token"], "do": do, **args}).encode() + b"\n")
            return json.loads(sock.makefile().readline())

    def mpskctl(self, *args, text=""):
        """What mpskctl says; an error where it ends with one."""
        done = self.ask("mpskctl", args=list(args), text=text)
        if done["code"] != 0:
            raise RuntimeError(f"mpskctl {' '.join(args)}: {done['code']}: {done['err']}")
        return done["out"]

    def redis_cli(self, *args):
        return self.ask("redis_cli", args=list(args))["out"]

    def server(self, what, verb, lab=0):
        done = self.ask("server", what=what, verb=verb, lab=lab)
        if done["code"] != 0:
            raise RuntimeError(f"{what} {verb}: {done['err']}")

    def radmpsk(self, *args):
        return self.ask("radmpsk", args=list(args))

    def log(self, since=0, lab=0):
        """What radiusd has logged since a place, and the place where that ends."""
        said = self.ask("log", since=since, lab=lab)
        return said["out"], said["end"]
