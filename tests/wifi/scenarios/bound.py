# SPDX-License-Identifier: GPL-2.0-or-later
"""Bound mode: a registered device gets its key's passphrase and VLAN, an unknown one nothing."""


def run(s):
    s.key("camera", "camera-passphrase", "--vlan=70")
    station = s.station(1)
    s.ctl("device", "add", "camera", station.mac)
    ap = s.ap(macaddr_acl=2, wpa_psk_radius=2)
    s.joins(1, "camera-passphrase")
    s.in_vlan(ap, 1, 70)
    s.refused(2, "camera-passphrase", "UNKNOWN_MAC", seconds=8)
