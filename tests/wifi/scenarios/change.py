# SPDX-License-Identifier: GPL-2.0-or-later
"""A key's VLAN changes: its device is sent away, and comes back in the new one."""

from radio import wait_until


def run(s):
    s.key("bob", "from-one-to-another", "--vlan=90", "--role=staff")
    ap = s.ap()
    station = s.joins(1, "from-one-to-another")
    s.in_vlan(ap, 1, 90)
    s.is_counted("bob")
    s.ctl("key", "edit", "bob", "--vlan=91")
    wait_until(lambda: not station.is_off() and ap.vlan(station.mac) == 91, 30, "the device in its new VLAN")
    s.in_vlan(ap, 1, 91)
    s.not_in_vlan(1, 90)
