# SPDX-License-Identifier: GPL-2.0-or-later
"""A device joins that nobody knows, then from memory, then at a second access point."""


def run(s):
    s.key("bob", "correct-horse")
    s.key("eve", "another-passphrase")
    first, second = s.ap(0), None
    s.joins(1, "correct-horse")
    s.joins(1, "correct-horse")
    s.station(1).leave()
    first.stop()
    s.aps.remove(first)
    second = s.ap(1)
    station = s.joins(1, "correct-horse")
    s.check(station.bssid() == second.bssid, "the station is at another access point")
    s.check(station.mac.replace(":", "-") in s.ctl("device", "list", "bob"), "the device is not in the key's list")
    s.check(station.mac.replace(":", "-") not in s.ctl("device", "list", "eve", "--quiet"), "the device is another key's")
