# SPDX-License-Identifier: GPL-2.0-or-later
"""A key's VLAN or role changes: its device is sent away, and comes back."""


def run(s):
    s.key("bob", "from-one-to-another", "--vlan=90")
    s.key("eve", "from-role-to-role", "--role=staff")
    ap = s.ap()
    bob = s.joins(1, "from-one-to-another")
    eve = s.joins(2, "from-role-to-role")
    s.in_vlan(ap, 1, 90)
    s.is_counted("bob")
    s.is_counted("eve")
    bob.ctrl.forget_events()
    s.ctl("key", "edit", "bob", "--vlan=91")
    s.comes_back(bob, 60, "the device whose VLAN changed")
    s.in_vlan(ap, 1, 91)
    s.not_in_vlan(1, 90)
    eve.ctrl.forget_events()
    s.ctl("key", "edit", "eve", "--role=visitors")
    s.comes_back(eve, 60, "the device whose role changed")
    s.check(not bob.is_off(), "another key's device was sent away")
