#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Test vectors from what the guest's hostapd asked in a run: captures.py OUT FACTS PACKAGES DIR

OUT is what the guest left: radius.pcap, and notes of who tried what. FACTS is the facts.json that it had, PACKAGES the
list of what is in its image. DIR gets a file for each attempt to join that asked a server, in the form of
tests/vectors; it holds the attempt's first request, and the answer to that.
"""

import hashlib
import json
import os
import re
import struct
import sys

ACCESS_REQUEST = 1
USER_NAME, CALLED, CALLING, AKM, EXTENDED_5 = 1, 30, 31, 188, 245
FREERADIUS = 11344
ANONCE, FRAME = 1, 2


def packets(path):
    """(when, source port, destination port, octets) of each UDP datagram of a capture of an Ethernet."""
    with open(path, "rb") as f:
        data = f.read()
    if struct.unpack_from("<I", data)[0] != 0xA1B2C3D4 or struct.unpack_from("<I", data, 20)[0] != 1:
        sys.exit(f"{path}: no capture of an Ethernet")
    at = 24
    # The last one may not have been written to its end.
    while at + 16 <= len(data):
        seconds, micros, size, _ = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16:at + 16 + size]
        at += 16 + size
        if len(frame) < size or frame[12:14] != b"\x08\x00" or frame[23] != 17:
            continue
        udp = frame[14 + (frame[14] & 15) * 4:]
        source, destination, length = struct.unpack_from(">HHH", udp)
        yield seconds + micros / 1e6, source, destination, udp[8:length]


def attributes(packet):
    """(type, value) of each attribute; (None, the rest) where the rest is none."""
    at = 20
    while at < len(packet):
        size = packet[at + 1] if at + 2 <= len(packet) else 0
        if size < 2 or at + size > len(packet):
            yield None, packet[at:]
            return
        yield packet[at], packet[at + 2:at + size]
        at += size


def extended(found, number):
    """The value of 245.26.11344.number, put together from its fragments; None where it is not there."""
    value, more = None, False
    for kind, data in found:
        if kind != EXTENDED_5 or len(data) < 2 or data[0] != 26:
            continue
        if more:
            value += data[2:]
        elif data[2:7] == struct.pack(">IB", FREERADIUS, number):
            value = data[7:]
        else:
            continue
        more = bool(data[1] & 0x80)
    return value


def form(found):
    if any(kind is None for kind, _ in found):
        return "malformed"
    return "handshake" if any(kind == EXTENDED_5 for kind, _ in found) else "bound"


class Attempt:
    """One time that a station began to join, with what was said of it."""

    def __init__(self, note, name, aps):
        self.note, self.name, self.aps = note, name, aps
        self.request = self.answer = self.port = None
        self.requests = 0
        self.codes = []
        self.joined = False

    def is_of(self, mac, ssid):
        return self.note["ssid"] == ssid.hex() and (self.note["mac"] == mac or "mac_addr" in self.note["params"])

    def lines(self, hostapd):
        found = list(attributes(self.request))
        kinds = dict(reversed(found))
        ssid, passphrase = bytes.fromhex(self.note["ssid"]), bytes.fromhex(self.note["passphrase"])
        pmk = (bytes.fromhex(passphrase.decode()) if len(passphrase) == 64
               else hashlib.pbkdf2_hmac("sha1", passphrase, ssid, 4096, 32))
        bssid = kinds[CALLED][:17].decode().replace("-", "").lower()
        yield f"# {self.name}: asked by {hostapd}"
        yield f"ap={json.dumps(self.aps.get(bssid, {}), sort_keys=True)}"
        yield f"station={json.dumps(self.note['params'], sort_keys=True)}"
        yield f"station_key_mgmt={self.note['key_mgmt']}"
        yield f"station_result={'CONNECTED' if self.joined else 'FAILED'}"
        yield f"requests={self.requests} answers={self.codes[:6]}"
        yield f"form={form(found)}"
        yield f"ssid={ssid.hex()}"
        yield f"passphrase={passphrase.hex()}"
        yield f"pmk={pmk.hex()}"
        yield f"bssid={bssid}"
        yield f"sta={kinds[CALLING].decode().replace('-', '').lower()}"
        if AKM in kinds:
            yield f"akm={kinds[AKM].hex()}"
        if form(found) == "handshake":
            yield f"anonce={extended(found, ANONCE).hex()}"
            yield f"eapol={extended(found, FRAME).hex()}"
        yield f"request={self.request.hex()}"
        if self.answer:
            yield f"answer={self.answer.hex()}"


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def attempts(notes):
    """Attempts as they began; each knows the access points that were up."""
    name, about, count, aps, begun = "", "", {}, {}, []
    for note in notes:
        if note["what"] == "step":
            name, about = note["name"], note["about"]
        elif note["what"] == "ap":
            aps = {**aps, note["bssid"].replace(":", ""): note["params"]}
        elif note["what"] == "join":
            stem = f"{name}-{slug(about)}" if about else name
            count[stem] = count.get(stem, 0) + 1
            begun.append(Attempt(note, f"{stem}-{count[stem]}" if not about or count[stem] > 1 else stem, aps))
        elif note["what"] == "result":
            next(a for a in reversed(begun) if a.note["mac"] == note["mac"]).joined = note["joined"]
    return begun


def ask(begun, at, port, packet):
    """A request goes to the attempt that it is of, which is returned; None: nobody's."""
    found = dict(reversed(list(attributes(packet))))
    if CALLED not in found or CALLING not in found:
        return None
    mac, ssid = found[CALLING].decode().replace("-", ":").lower(), found[CALLED][18:]
    of = [a for a in begun if a.note["at"] <= at and a.is_of(mac, ssid)]
    if not of:
        return None
    attempt = of[-1]
    attempt.requests += 1
    if attempt.request is None:
        attempt.request, attempt.port = packet, port
    return attempt


def main(out, facts, packages, folder):
    with open(facts) as f:
        servers = json.load(f)["radius"]
    with open(f"{out}/notes") as f:
        begun = attempts([json.loads(line) for line in f])
    with open(packages) as f:
        hostapd = next(line.strip() for line in f if line.startswith("hostapd "))
    asked = {}
    for at, source, destination, packet in packets(f"{out}/radius.pcap"):
        if destination in servers and packet[0] == ACCESS_REQUEST:
            asked[source, packet[1]] = ask(begun, at, source, packet), packet
        elif source in servers and asked.get((destination, packet[1]), (None,))[0]:
            attempt, request = asked[destination, packet[1]]
            attempt.codes.append(packet[0])
            if attempt.answer is None and request == attempt.request:
                attempt.answer = packet
    written = [a for a in begun if a.request]
    os.makedirs(folder, exist_ok=True)
    for attempt in written:
        with open(f"{folder}/{attempt.name}.txt", "w") as f:
            f.writelines(line + "\n" for line in attempt.lines(hostapd))
    print(f"# {len(written)} requests are in {folder}")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
