# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody who asks an HTTP server, nicely or not.

web.py port                    a TCP port of loopback that nobody listens on
web.py get PORT PATH           print the page
web.py code PORT METHOD PATH   print the code of the answer
web.py garbage PORT            send what is no HTTP, each on a connection of its own; ends when all are closed
web.py hold PORT SECONDS       keep 60 connections open that say little or nothing; say when they are, then hold them
web.py dribble PORT            send an octet each half second; print after how many seconds the connection was closed
"""
import http.client
import os
import socket
import sys
import time

PATIENCE = 30


def connect(port):
    return socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE)


def ask(port, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
    connection.request(method, path, body=b"x" * 100 if method == "POST" else None)
    return connection.getresponse()


def garbage(port):
    head = b"GET /metrics HTTP/1.1\r\nHost: a\r\n"
    for octets in (
        b"\r\n" * 1000,
        b"\0" * 4096,
        os.urandom(100000),
        b"GET " + b"/" * 100000 + b" HTTP/1.1\r\n\r\n",
        head + b"X: " + b"y" * 100000 + b"\r\n\r\n",
        head + b"X: y\r\n" * 20000 + b"\r\n",
        b"GET /metrics HTTP/9.9\r\n\r\n",
        b"GET /metrics HTTP/1.1\r\nHost a\r\n\r\n",
        b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        head + b"\r\n" + (head + b"\r\n") * 100,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(500),
    ):
        with connect(port) as one:
            try:
                one.sendall(octets)
                one.shutdown(socket.SHUT_WR)
                while one.recv(65536):
                    pass
            except OSError as error:
                if isinstance(error, TimeoutError):
                    sys.exit(f"still open: {octets[:40]!r}")


def hold(port, seconds):
    """More than are taken in: those that are not wait in the kernel, and so does whoever comes later."""
    held = []
    for i in range(60):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", int(port)))
        held.append(one)
    time.sleep(0.5)
    for i, one in enumerate(held):
        try:
            one.send((b"", b"GET /metr", b"GET /metrics HTTP/1.1\r\nHost: a\r\n")[i % 3])
        except OSError:
            pass
    print("held", flush=True)
    time.sleep(float(seconds))


def dribble(port):
    began = time.monotonic()
    with connect(port) as one:
        one.settimeout(0.5)
        try:
            one.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
            while time.monotonic() - began < 4 * PATIENCE:
                one.sendall(b"y")
                try:
                    if not one.recv(1):
                        break
                except TimeoutError:
                    pass
        except OSError:
            pass
    print(int(time.monotonic() - began))


def main(verb, *args):
    if verb == "port":
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            print(one.getsockname()[1])
    elif verb == "get":
        sys.stdout.write(ask(args[0], "GET", args[1]).read().decode())
    elif verb == "code":
        print(ask(*args).status)
    else:
        {"garbage": garbage, "hold": hold, "dribble": dribble}[verb](*args)


main(*sys.argv[1:])
