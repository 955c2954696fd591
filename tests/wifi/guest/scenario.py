# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scenario has at hand: keys on the host, access points, stations, and ways to say what ought to be."""

import time

from radio import AccessPoint, Station, wait_until


class Failed(Exception):
    """Something is not as it ought to be."""


class Scenario:
    """One scenario's own SSID, keys and access points; what it made goes with it."""

    def __init__(self, name, air, host):
        self.name, self.air, self.host = name, air, host
        self.ssid = name.encode()
        self.keys, self.aps = [], []
        self.log_begin = host.log()[1]

    # --- Keys ---

    def key(self, key, passphrase, *options, ssid=None):
        """Add a key for the scenario's SSID; its id has the scenario's name before it."""
        self.host.mpskctl("key", "add", self.id(key), "--quiet", f"--ssid-hex={(ssid or self.ssid).hex()}",
                          "--passphrase-file=-", *options, text=passphrase + "\n")
        self.keys.append(self.id(key))

    def id(self, key):
        return f"{self.name}-{key}"

    def ctl(self, noun, verb, key, *options, text=""):
        """mpskctl NOUN VERB with the id of a key of this scenario."""
        return self.host.mpskctl(noun, verb, self.id(key), *options, text=text)

    # --- Radios ---

    def ap(self, n=0, **params):
        """Access point n."""
        return self.ap_together(1, first=n, **params)[0]

    def ap_together(self, count, first=0, each=lambda n: {}, ssid=None, labs=(0,), **params):
        """Access points of one controller, which ask the servers of these labs, the first one first."""
        confs = {}
        for n in range(first, first + count):
            settings = {**self.radius(n, labs), **params, **each(n)}
            confs[f"wlan{n}"] = AccessPoint.write(f"wlan{n}", ssid or self.ssid, **settings)
        aps = AccessPoint.start(confs)
        self.aps += aps
        return aps

    def end_ap(self, ap):
        self.aps.remove(ap)
        ap.stop()

    def radius(self, n, labs):
        facts = self.host.facts
        lines = {"own_ip_addr": "10.0.2.15", "nas_identifier": f"ap-{n}",
                 "radius_retry_primary_interval": 60, "radius_das_port": facts["das"][n],
                 "radius_das_client": f"10.0.2.2 {facts['secret']}"}
        for what, offset in (("auth", 0), ("acct", 1)):
            # One setting a line, and several of the same name: hostapd's way to say which server is the next one.
            lines[f"{what}_server_addr"] = "\n".join(
                ("" if i == 0 else f"{what}_server_addr=") + "10.0.2.2"
                + f"\n{what}_server_port={facts['radius'][lab] + offset}"
                + f"\n{what}_server_shared_secret={facts['secret']}" for i, lab in enumerate(labs))
        return lines

    def station(self, n):
        return self.air.station(n)

    # --- What ought to be ---

    def check(self, true, what):
        if not true:
            raise Failed(what)

    def joins(self, n, passphrase, seconds=20, ssid=None, stop=Station.GIVES_UP, **how):
        """Station n joins with this passphrase."""
        station = self.station(n)
        station.start(ssid or self.ssid, passphrase, **how)
        result = station.finish(seconds, stop)
        self.check(result.joined, f"station {n} with {passphrase!r} {result}; the server: {self.last_refusal()}")
        return station

    def refused(self, n, passphrase, reason=None, seconds=20, ssid=None, stop=Station.GIVES_UP, **how):
        """Station n does not get in, and the server says why."""
        station = self.station(n)
        begin = self.host.log()[1]
        station.start(ssid or self.ssid, passphrase, **how)
        result = station.finish(seconds, stop)
        station.leave()
        self.check(not result.joined, f"station {n} joined with {passphrase!r} and ought not to")
        if reason:
            said = self.host.log(begin)[0]
            self.check(f"reason={reason} " in said, f"station {n} was refused, and the log does not say {reason}: "
                       + (said.strip().splitlines() or ["nothing"])[-1])
        return station

    def off_within(self, station, seconds, what):
        try:
            wait_until(station.is_off, seconds, what, step=0.1)
        except TimeoutError as error:
            raise Failed(str(error)) from error

    def stays_off(self, station, seconds, what):
        """It was sent away, tries again and again by itself, and is not let in."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.check(station.is_off(), what)
            time.sleep(0.2)

    def in_vlan(self, ap, n, vlan):
        """The access point has the station in this VLAN, and so has a ping."""
        station = self.station(n)
        self.check(ap.vlan(station.mac) == vlan, f"station {n} is in VLAN {ap.vlan(station.mac)}, not {vlan}")
        self.air.give_address(station, n, vlan)
        self.check(self.air.pings(station, vlan), f"no answer to station {n}'s ping in VLAN {vlan}")

    def not_in_vlan(self, n, vlan):
        """Nobody answers the station where it has no business."""
        station = self.station(n)
        self.air.give_address(station, n, vlan)
        self.check(not self.air.pings(station, vlan), f"station {n} has an answer from VLAN {vlan}")

    def last_refusal(self):
        lines = [line for line in self.host.log(self.log_begin)[0].splitlines() if " reason=" in line]
        return lines[-1] if lines else "nothing"

    def is_counted(self, key):
        """The access point's accounting has told of a device that is on with the key."""
        wait_until(lambda: self.host.redis_cli("hlen", f"mpsk:sess:{{{self.id(key)}}}").strip() not in ("", "0"), 10,
                   f"accounting of {key}")

    # --- The end ---

    def close(self):
        self.air.rest()
        for ap in list(self.aps):
            self.end_ap(ap)
        for key in self.keys:
            self.host.ask("mpskctl", args=["key", "delete", key, "--quiet"], text="")
