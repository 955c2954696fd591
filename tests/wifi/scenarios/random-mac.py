# SPDX-License-Identifier: GPL-2.0-or-later
"""A phone with ever new random MACs takes its own old place, and none of a device that is known by its own MAC."""

import re

# Stations whose MACs are not locally administered, as all of mac80211_hwsim's are.
LAPTOP, PRINTER, CAMERA = ({"mac_addr": 3, "mac_value": f"00:00:5e:00:53:0{n}"} for n in (1, 2, 3))
PHONE = {"mac_addr": 1, "settings": [("rand_addr_lifetime", 0)]}


def devices(s):
    listed = s.ctl("device", "list", "home")
    return {mac.replace("-", ":") for mac in re.findall(r"(?:[0-9a-f]{2}-){5}[0-9a-f]{2}", listed)}


def run(s):
    s.key("home", "two-at-the-most", "--max=2", "--when-full=replace-oldest-random")
    s.ap()
    s.joins(2, "two-at-the-most", **LAPTOP)
    seen = set()
    for _ in range(3):
        phone = s.joins(1, "two-at-the-most", **PHONE)
        mac = phone.ctrl.status()["address"]
        s.check(mac not in seen, f"the phone has no new MAC: {mac}")
        seen.add(mac)
        there = devices(s)
        s.check(there == {LAPTOP["mac_value"], mac}, f"the key's devices: {there}")
    s.joins(3, "two-at-the-most", **PRINTER)
    s.refused(4, "two-at-the-most", "CAP_REACHED", **CAMERA)
    s.refused(1, "two-at-the-most", "CAP_REACHED", **PHONE)
