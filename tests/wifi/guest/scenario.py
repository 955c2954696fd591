# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scenario has at hand: keys on the host, access points, stations, and ways to say what ought to be."""

import itertools
import re
import time

from radio import AccessPoint, Station, wait_until


PATIENCE = 90   # seconds for what takes one on a machine that has nothing else to do
BEHIND = 10     # seconds for which a busy server may not know of a change


class Failed(Exception):
    """Something is not as it ought to be."""


class Scenario:
    """One scenario's own SSID, keys and access points; what it made goes with it."""

    def __init__(self, name, air, host):
        self.name, self.air, self.host = name, air, host
        self.ssid = name.encode()
        self.keys, self.aps = [], []
        self.log_begin = host.log()[1]
        self.changed_at = time.monotonic()

    # --- Keys ---

    def key(self, key, passphrase, *options, ssid=None):
        """Add a key for the scenario's SSID; its id has the scenario's name before it."""
        self.host.mpskctl("key", "add", self.id(key), "--quiet", f"--ssid-hex={(ssid or self.ssid).hex()}",
                          "--passphrase-file=-", *options, text=passphrase + "\n")
        self.keys.append(self.id(key))
        self.changed_at = time.monotonic()

    def id(self, key):
        return f"{self.name}-{key}"

    def ctl(self, noun, verb, key, *options, text=""):
        """mpskctl NOUN VERB with the id of a key of this scenario."""
        said = self.host.mpskctl(noun, verb, self.id(key), *options, text=text)
        self.changed_at = time.monotonic()
        return said

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
        for n, ap in enumerate(aps, first):
            self.air.note("ap", bssid=ap.bssid, params={**params, **each(n)})
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

    def step(self, about):
        """What comes next, for the name of a capture of it."""
        self.air.note("step", name=self.name, about=about)

    # --- What ought to be ---

    def check(self, true, what):
        if not true:
            raise Failed(what)

    def attempt(self, n, passphrase, seconds=PATIENCE, ssid=None, stop=Station.GIVES_UP, **how):
        """What comes of it when station n tries this passphrase once."""
        station = self.station(n)
        station.start(ssid or self.ssid, passphrase, **how)
        return station.finish(seconds, stop)

    def is_let_in(self, station, seconds=3):
        """Whether an access point says so too, of the MAC that the station has now."""
        mac = station.ctrl.status()["address"]
        try:
            wait_until(lambda: any(ap.has(mac) for ap in self.aps), seconds, "the access point's word", step=0.1)
        except TimeoutError:
            return False
        return True

    def tries(self, n, passphrase, lab=0, **how):
        """What comes of it, not counting what a slow machine makes of it.

        There a station gives up before a server was asked, or the server has not heard of a change yet; or hostapd
        begins the handshake anew, and relays an answer to the ANonce before, NO_MATCH, or has not got the station that
        believes to be on.
        """
        end = time.monotonic() + PATIENCE
        for count in itertools.count(1):
            place, begin = self.host.log(lab=lab)[1], time.monotonic()
            result = self.attempt(n, passphrase, **how)
            alone = result.joined and not self.is_let_in(self.station(n))
            reasons = set(re.findall(r" reason=([A-Z_]+) ", self.host.log(place, lab)[0])) - {"NO_MATCH"}
            decided = reasons and begin > self.changed_at + BEHIND
            if not alone and (result.joined or decided) or time.monotonic() > end:
                break
        result.joined = result.joined and not alone
        if count > 1:
            print(f"# {self.name}: station {n} tried {count} times", flush=True)
        return result

    def joins(self, n, passphrase, **how):
        """Station n joins with this passphrase."""
        result = self.tries(n, passphrase, **how)
        self.check(result.joined, f"station {n} with {passphrase!r} {result}; the server: {self.last_refusal()}")
        return self.station(n)

    def refused(self, n, passphrase, reason=None, lab=0, **how):
        """Station n does not get in, and the server of a lab says why."""
        station = self.station(n)
        begin = self.host.log(lab=lab)[1]
        end = time.monotonic() + PATIENCE
        while True:
            result = self.attempt(n, passphrase, **how)
            station.leave()
            self.check(not result.joined, f"station {n} joined with {passphrase!r} and ought not to")
            said = self.host.log(begin, lab)[0]
            # An attempt that ended before a server was asked is none.
            if not reason or f"reason={reason} " in said or time.monotonic() > end:
                break
        self.check(not reason or f"reason={reason} " in said, f"station {n} was refused, and the log does not say "
                   f"{reason}: " + (said.strip().splitlines() or ["nothing"])[-1])
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
        self.check(self.air.pings(station, vlan, 10), f"no answer to station {n}'s ping in VLAN {vlan}")

    def not_in_vlan(self, n, vlan):
        """Nobody answers the station where it has no business."""
        station = self.station(n)
        self.air.give_address(station, n, vlan)
        self.check(not self.air.pings(station, vlan, 2), f"station {n} has an answer from VLAN {vlan}")

    def comes_back(self, station, seconds, what):
        """It is sent away, and is on again by itself."""
        heard = []
        for event in station.ctrl.events(seconds):
            if event.startswith(("CTRL-EVENT-DISCONNECTED", "CTRL-EVENT-CONNECTED")):
                heard.append(event.split()[0].rpartition("-")[2])
            if heard[-2:] == ["DISCONNECTED", "CONNECTED"]:
                return
        raise Failed(f"{what}: {heard or 'nothing'} within {seconds} s")

    def roams_fast(self, station, aps):
        """It roams between two access points by fast transition, of which no server hears. Returns where it is then.

        A station waits for a fraction of a second, and joins as for the first time where the access point takes longer:
        on a machine that is slow or busy this may need another try.
        """
        for _ in range(6):
            at = station.bssid()
            target = next(ap for ap in aps if ap.bssid != at)
            before = target.asked()
            self.check(station.roam(target.bssid), f"no roaming from {at} to {target.bssid}")
            if target.asked() == before:
                return target
        raise Failed("no fast transition: the access points ask a server each time")

    def last_refusal(self):
        lines = [line for line in self.host.log(self.log_begin)[0].splitlines() if " reason=" in line]
        return lines[-1] if lines else "nothing"

    def is_counted(self, key):
        """The access point's accounting has told of a device that is on with the key."""
        wait_until(lambda: self.host.redis_cli("hlen", f"mpsk:sess:{{{self.id(key)}}}").strip() not in ("", "0"),
                   PATIENCE, f"accounting of {key}")

    # --- The end ---

    def close(self):
        self.air.rest()
        for ap in list(self.aps):
            self.end_ap(ap)
        for key in self.keys:
            self.host.ask("mpskctl", args=["key", "delete", key, "--quiet"], text="")
