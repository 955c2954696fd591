# SPDX-License-Identifier: GPL-2.0-or-later
"""A device joins that nobody knows, then from memory, then at a second access point."""


def run(s):
    s.key("bob", "correct-horse")
    s.key("eve", "another-passphrase")
    first = s.ap(0)
    s.joins(1, "correct-horse")
    s.joins(1, "correct-horse")
    s.station(1).leave()
    s.end_ap(first)
    second = s.ap(1)
    station = s.joins(1, "correct-horse")
    s.check(station.bssid() == second.bssid, "the station is at another access point")
    mac = station.mac.replace(":", "-")
    s.check(mac in s.ctl("device", "list", "bob"), "the device is not in the key's list")
    s.check(mac not in s.ctl("device", "list", "eve", "--quiet"), "the device is another key's")
