# SPDX-License-Identifier: GPL-2.0-or-later
"""Two stations with two keys on one SSID are in two VLANs; a third with a wrong key is refused."""


def run(s):
    s.key("red", "red-passphrase", "--vlan=10")
    s.key("blue", "blue-passphrase", "--vlan=20")
    ap = s.ap()
    s.joins(1, "red-passphrase")
    s.joins(2, "blue-passphrase")
    s.refused(3, "green-passphrase", "NO_MATCH")
    s.in_vlan(ap, 1, 10)
    s.in_vlan(ap, 2, 20)
    s.not_in_vlan(1, 20)
    s.not_in_vlan(2, 10)
