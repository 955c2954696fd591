# SPDX-License-Identifier: GPL-2.0-or-later
"""A station roams between two access points, and takes its VLAN along."""


def run(s):
    s.key("bob", "from-room-to-room", "--vlan=40", "--max=1")
    aps = [s.ap(0), s.ap(1)]
    station = s.joins(1, "from-room-to-room")
    for _ in range(2):
        at = station.bssid()
        target = next(ap for ap in aps if ap.bssid != at)
        s.check(station.roam(target.bssid), f"no roaming from {at} to {target.bssid}; the server: {s.last_refusal()}")
        s.check(target.vlan(station.mac) == 40, f"VLAN {target.vlan(station.mac)} after roaming")
