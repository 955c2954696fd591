#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What scenarios in the guest may ask of the host: host.py LAB TOKEN PORT_FILE

LAB is the folder of a lab that runs (tests/lab), or several with colons between: the first one has the Redis that all
of them use. Listens on a free port of the loopback, which it writes into PORT_FILE, and ends with its standard input.
A request is a line of JSON, with the token that only the guest was told, and so is its answer.
"""

import hmac
import json
import os
import socketserver
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
LAB = os.path.join(HERE, "..", "lab")


def environment(folder):
    """The variables in the env file of a lab."""
    text = subprocess.run(["sh", "-c", 'set -a; . "$1/env"; env', "sh", folder], capture_output=True, text=True,
                          check=True, env={"PATH": os.environ["PATH"]})
    return dict(line.split("=", 1) for line in text.stdout.splitlines() if line.startswith(("MPSK", "RADMPSK")))


def run(argv, text="", seconds=60):
    done = subprocess.run(argv, input=text, capture_output=True, text=True, errors="backslashreplace", timeout=seconds)
    return {"code": done.returncode, "out": done.stdout, "err": done.stderr}


class Host:
    def __init__(self, folders):
        self.folders = folders
        self.redis = "unix://" + environment(folders[0])["MPSK_REDIS_SOCKET"]

    def mpskctl(self, args, text=""):
        program = environment(self.folders[0])["MPSKCTL"]
        return run([program, *args[:2], f"--redis={self.redis}", *args[2:]], text)

    def redis_cli(self, args):
        env = environment(self.folders[0])
        return run([env["MPSK_REDIS_CLI"], "-s", env["MPSK_REDIS_SOCKET"], *args])

    def server(self, what, verb, lab=0):
        """redis or radius; start, stop, and for redis pause and resume."""
        return run([LAB, what, self.folders[lab], verb])

    def radmpsk(self, args, lab=0):
        env = environment(self.folders[lab])
        return run([env["RADMPSK"], "--server", env["MPSK_RADIUS"], "--secret-file", env["MPSK_SECRET_FILE"], *args])

    def log(self, since=0, lab=0):
        with open(environment(self.folders[lab])["MPSK_LOG"], errors="backslashreplace") as log:
            log.seek(since)
            return {"out": log.read(), "end": log.tell()}


class Request(socketserver.StreamRequestHandler):
    ALLOWED = ("mpskctl", "redis_cli", "server", "radmpsk", "log")

    def handle(self):
        asked = json.loads(self.rfile.readline(1 << 20))
        if not hmac.compare_digest(str(asked.pop("token", "")), self.server.token):
            return
        what = asked.pop("do")
        try:
            if what not in self.ALLOWED:
                raise ValueError(f"{what}: not among {self.ALLOWED}")
            answer = getattr(self.server.host, what)(**asked)
        except Exception as error:  # the guest is to hear of it, whatever it is
            answer = {"code": -1, "out": "", "err": repr(error)}
        self.wfile.write(json.dumps(answer).encode() + b"\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main(labs, token, port_file):
    with Server(("127.0.0.1", 0), Request) as server:
        server.host, server.token = Host(labs.split(":")), token
        with open(port_file + ".new", "w") as f:
            f.write(str(server.server_address[1]))
        os.rename(port_file + ".new", port_file)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
