# SPDX-License-Identifier: GPL-2.0-or-later
"""FreeRADIUS restarts: who is connected stays, and who comes afterwards gets in."""


def run(s):
    s.key("bob", "before-and-after")
    s.ap()
    station = s.joins(1, "before-and-after")
    s.host.server("radius", "stop")
    s.host.server("radius", "start")
    s.check(not station.is_off(), "a connected station was sent away")
    s.joins(2, "before-and-after")
