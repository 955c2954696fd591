# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulated radios, the access points and stations on them, and what can be heard between the two.

In the guest only: Python's standard library, mac80211_hwsim, hostapd and wpa_supplicant. Access points are in the
first network namespace, stations in one of their own, so that what a station sends to an access point's address
really crosses the air.
"""

import glob
import json
import os
import re
import socket
import subprocess
import time

OUT = "/run/out"
RUN = "/run/lab"
APS = 4            # radios that are access points: wlan0 to wlan3
STATIONS = "stations"


def shell(command, check=True):
    """What a command says, on both its outputs."""
    done = subprocess.run(command, shell=True, text=True, errors="backslashreplace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if check and done.returncode:
        raise RuntimeError(f"{command}: {done.returncode}\n{done.stdout}")
    return done.stdout


def wait_until(condition, seconds, what, step=0.02):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(step)


class Ctrl:
    """A control socket of hostapd or wpa_supplicant: requests, and events as they come."""

    count = 0

    def __init__(self, path, attach=True):
        Ctrl.count += 1
        self.path = path
        self.local = f"{RUN}/ctrl-{Ctrl.count}"
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(self.local)
        self.pending = []
        try:
            self.sock.connect(path)
        except OSError:
            self.close()
            raise
        if attach:
            self.request("ATTACH")

    @classmethod
    def wait_for(cls, path, what, alive=lambda: None):
        """The socket of a daemon that has just been told to make it. alive() raises where nobody will."""
        made = []

        def try_it():
            alive()
            try:
                made.append(cls(path))
            # Refused: one that ended has left its socket there.
            except (FileNotFoundError, ConnectionRefusedError):
                return False
            return True

        wait_until(try_it, 30, what)
        return made[0]

    def request(self, command, seconds=20):
        self.sock.send(command if isinstance(command, bytes) else command.encode())
        end = time.monotonic() + seconds
        while True:
            self.sock.settimeout(max(0.01, end - time.monotonic()))
            text = self.sock.recv(65536).decode(errors="backslashreplace")
            if not re.match(r"<\d+>", text):
                return text.rstrip("\n")
            self.pending.append(text)

    def order(self, command):
        answer = self.request(command)
        if answer != "OK":
            raise RuntimeError(f"{self.path}: {command!r}: {answer}")

    def events(self, seconds):
        end = time.monotonic() + seconds
        while True:
            while self.pending:
                yield re.sub(r"^<\d+>", "", self.pending.pop(0))
            left = end - time.monotonic()
            if left <= 0:
                return
            self.sock.settimeout(left)
            try:
                self.pending.append(self.sock.recv(65536).decode(errors="backslashreplace"))
            except TimeoutError:
                return

    def forget_events(self):
        for _ in self.events(0.01):
            pass

    def status(self):
        return dict(line.split("=", 1) for line in self.request("STATUS").splitlines() if "=" in line)

    def close(self):
        self.sock.close()
        os.unlink(self.local)


class Result:
    """What came of one attempt to join."""

    def __init__(self, joined, seconds, events, status):
        self.joined, self.seconds, self.events, self.status = joined, seconds, events, status

    def __str__(self):
        last = self.events[-1][:110] if self.events else "nothing was heard"
        return f"{'joined' if self.joined else 'did not join'} in {self.seconds:.1f} s ({last})"


class Station:
    """A station: one interface of the wpa_supplicant that they share."""

    GIVES_UP = ("CTRL-EVENT-SSID-TEMP-DISABLED",)
    NOISE = ("CTRL-EVENT-SCAN", "CTRL-EVENT-BSS", "CTRL-EVENT-REGDOM", "CTRL-EVENT-SUBNET", "WPS-")

    def __init__(self, air, iface):
        self.air, self.iface = air, iface
        if air.supplicants.request(f"INTERFACE_ADD {iface}\t\tnl80211\tDIR={RUN}/wpas\t") != "OK":
            raise RuntimeError(f"wpa_supplicant does not take {iface}")
        self.ctrl = Ctrl.wait_for(f"{RUN}/wpas/{iface}", f"wpa_supplicant on {iface}")
        self.mac = self.ctrl.status()["address"]
        self.joined = False

    def start(self, ssid, passphrase, key_mgmt="WPA-PSK", settings=(), **params):
        """Begin to join. The passphrase is text or octets; params are wpa_supplicant's of a network."""
        for name, value in settings:
            self.ctrl.order(f"SET {name} {value}")
        self.ctrl.request("REMOVE_NETWORK all")
        # The beacon of an earlier access point would not fit message 3 of the handshake.
        self.ctrl.request("BSS_FLUSH 0")
        self.ctrl.forget_events()
        net = self.ctrl.request("ADD_NETWORK")
        network = {"scan_freq": 2412, "freq_list": 2412, "ieee80211w": 0, **params}
        items = [("ssid", ssid.hex()), ("key_mgmt", key_mgmt), *network.items()]
        if passphrase is not None and "raw_psk" not in params:
            text = passphrase if isinstance(passphrase, bytes) else passphrase.encode()
            items.append(("sae_password" if key_mgmt == "SAE" else "psk", b'"' + text + b'"'))
        secret = params.get("raw_psk", passphrase)
        self.air.note("join", mac=self.mac, ssid=ssid.hex(), key_mgmt=key_mgmt, params={**dict(settings), **params},
                      passphrase=(secret if isinstance(secret, bytes) else secret.encode()).hex())
        for name, value in items:
            value = value if isinstance(value, bytes) else str(value).encode()
            self.ctrl.order(f"SET_NETWORK {net} {'psk' if name == 'raw_psk' else name} ".encode() + value)
        self.begin = time.monotonic()
        self.ctrl.order(f"SELECT_NETWORK {net} freq={network['scan_freq']}")

    def finish(self, seconds, stop=GIVES_UP):
        """Wait for the end of an attempt: joined, an event of stop, or so many seconds from its start."""
        seen = []
        self.joined = False
        for event in self.ctrl.events(seconds - (time.monotonic() - self.begin)):
            if not event.startswith(self.NOISE):
                seen.append(event)
            if event.startswith("CTRL-EVENT-CONNECTED"):
                self.joined = True
                break
            if event.startswith(stop):
                break
        self.air.note("result", mac=self.mac, joined=self.joined)
        return Result(self.joined, time.monotonic() - self.begin, seen, self.ctrl.status())

    def is_off(self):
        return self.ctrl.status().get("wpa_state") != "COMPLETED"

    def bssid(self):
        return self.ctrl.status().get("bssid")

    def roam(self, bssid, seconds=90):
        """Whether it comes to this access point; a try that a slow machine spoils leaves it where it was."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.ctrl.request(f"SCAN freq={2412}")
            for event in self.ctrl.events(15):
                if event.startswith("CTRL-EVENT-SCAN-RESULTS"):
                    break
            self.ctrl.forget_events()
            # It fails where the scan did not hear the access point.
            if self.ctrl.request(f"ROAM {bssid}") != "OK":
                continue
            for event in self.ctrl.events(15):
                if event.startswith("CTRL-EVENT-CONNECTED"):
                    break
            if self.bssid() == bssid and not self.is_off():
                return True
        return False

    def leave(self):
        self.ctrl.request("REMOVE_NETWORK all")
        self.joined = False


class AccessPoint:
    """An access point: one hostapd. What it knows of keys is whom it asks."""

    DEFAULTS = {
        "driver": "nl80211", "hw_mode": "g", "channel": 1, "country_code": "DE", "ieee80211n": 1,
        "auth_algs": 1, "wpa": 2, "wpa_key_mgmt": "WPA-PSK", "rsn_pairwise": "CCMP",
        "macaddr_acl": 0, "wpa_psk_radius": 3, "max_num_sta": 200,
        "dynamic_vlan": 1, "vlan_bridge": "brvlan",
        "logger_syslog": 0, "logger_stdout": -1, "logger_stdout_level": 0,
    }

    PTKINITDONE = "11"  # the last state of hostapd's authenticator

    def __init__(self, iface, proc, log):
        self.iface, self.proc, self.log = iface, proc, log
        self.ctrl = Ctrl.wait_for(f"{RUN}/hostapd/{iface}", f"hostapd on {iface}", self.is_alive)
        wait_until(lambda: self.ctrl.status().get("state") == "ENABLED", 30, f"{iface} on the air")
        self.bssid = self.ctrl.status()["bssid[0]"]

    @classmethod
    def write(cls, iface, ssid, **params):
        """The path of a configuration; params are hostapd's, None where a default is to be left out."""
        conf = {"interface": iface, "ctrl_interface": f"{RUN}/hostapd", "ssid2": ssid.hex(),
                "vlan_file": f"{RUN}/{iface}.vlans", **cls.DEFAULTS, **params}
        with open(f"{RUN}/{iface}.vlans", "w") as f:
            f.write(f"*\t{iface}.#\n")
        path = f"{RUN}/hostapd-{iface}.conf"
        with open(path, "w") as f:
            f.writelines(f"{name}={value}\n" for name, value in conf.items() if value is not None)
        return path

    @classmethod
    def start(cls, confs):
        """An access point for each interface of confs (interface -> path), in one hostapd, and so in touch."""
        log = f"{OUT}/hostapd-{'-'.join(confs)}.log"
        with open(log, "a") as f:
            proc = subprocess.Popen(["hostapd", "-d", "-t", *confs.values()], stdout=f, stderr=subprocess.STDOUT)
        try:
            return [cls(iface, proc, log) for iface in confs]
        except Exception:
            # Nobody else has it, and the next one would find its radio in use.
            proc.kill()
            proc.wait()
            raise

    def is_alive(self):
        if self.proc.poll() is not None:
            raise RuntimeError("hostapd ended:\n" + shell(f"tail -15 {self.log}", check=False))

    def fields(self, mac):
        """What the access point says of a station; nothing where it has none."""
        return dict(line.split("=", 1) for line in self.ctrl.request(f"STA {mac}").splitlines() if "=" in line)

    def has(self, mac):
        """Whether it let the station on, and has not begun a handshake anew, as with an association that came twice."""
        fields = self.fields(mac)
        return "[AUTHORIZED]" in fields.get("flags", "") and fields.get("hostapdWPAPTKState") == self.PTKINITDONE

    def asked(self):
        """How many Access-Requests it has sent."""
        return sum(int(n) for n in re.findall(r"^radiusAuthClientAccessRequests=(\d+)", self.ctrl.request("MIB"), re.M))

    def vlan(self, mac):
        return int(self.fields(mac).get("vlan_id", 0))

    def stop(self):
        if self.proc.poll() is None:
            self.proc.terminate()
            self.proc.wait(10)
        self.ctrl.close()
        shell("for i in $(ls /sys/class/net | grep '^brvlan'); do ip link del $i; done", check=False)


class Air:
    """The radios."""

    def __init__(self, stations):
        for path in (f"{RUN}/wpas", f"{RUN}/hostapd", OUT):
            os.makedirs(path, exist_ok=True)
        self.stations = {}
        shell(f"modprobe mac80211_hwsim radios={APS + stations}")
        wait_until(lambda: len(glob.glob("/sys/class/ieee80211/*")) == APS + stations, 60, "radios")
        shell(f"ip netns add {STATIONS}; ip -n {STATIONS} link set lo up")
        for n in range(APS, APS + stations):
            phy = os.path.basename(os.path.realpath(f"/sys/class/net/wlan{n}/phy80211"))
            shell(f"iw phy {phy} set netns name {STATIONS}")
        with open(f"{OUT}/wpa_supplicant.log", "w") as log:
            self.proc = subprocess.Popen(["ip", "netns", "exec", STATIONS, "wpa_supplicant", "-g",
                                          f"{RUN}/wpas-global", "-t"], stdout=log, stderr=subprocess.STDOUT)
        wait_until(lambda: os.path.exists(f"{RUN}/wpas-global"), 20, "wpa_supplicant")
        self.supplicants = Ctrl(f"{RUN}/wpas-global", attach=False)
        self.notes = open(f"{OUT}/notes", "w")
        self.capture = None

    def note(self, what, **more):
        """A line for whoever reads a capture: who tried what, and when."""
        print(json.dumps({"what": what, "at": time.time(), **more}), file=self.notes, flush=True)

    def begin_capture(self):
        path = f"{OUT}/radius.pcap"
        self.capture = subprocess.Popen(["tcpdump", "-i", "eth0", "-U", "--immediate-mode", "-w", path, "udp"],
                                        stderr=subprocess.DEVNULL)
        # Its header: from then on it listens.
        wait_until(lambda: os.path.exists(path) and os.path.getsize(path) >= 24, 30, "tcpdump")

    def end_capture(self):
        if self.capture:
            self.capture.terminate()
            self.capture.wait(10)

    def station(self, n):
        """Station 1, 2, 3 ..."""
        iface = f"wlan{APS + n - 1}"
        if iface not in self.stations:
            self.stations[iface] = Station(self, iface)
        return self.stations[iface]

    def rest(self):
        for station in self.stations.values():
            station.leave()

    @staticmethod
    def give_address(station, n, vlan):
        """An address in the VLAN's network, and one to the access point's side of it."""
        shell(f"ip -n {STATIONS} addr flush dev {station.iface}; "
              f"ip -n {STATIONS} addr add 10.7.{vlan % 256}.{n + 1}/24 dev {station.iface}")
        shell(f"ip addr add 10.7.{vlan % 256}.1/24 dev brvlan{vlan}", check=False)

    @staticmethod
    def pings(station, vlan, seconds):
        """Whether the access point's side of a VLAN answers the station: ping goes on until it does."""
        return " 1 received" in shell(
            f"ip netns exec {STATIONS} ping -n -c 1 -w {seconds} -I {station.iface} 10.7.{vlan % 256}.1", check=False)
