# SPDX-License-Identifier: GPL-2.0-or-later
"""Bound mode: of several keys in one answer the access point finds the station's own."""


def run(s):
    for n in range(1, 5):
        s.key(f"flat-{n}", f"passphrase-of-flat-{n}")
    s.ap(macaddr_acl=2, wpa_psk_radius=2, labs=(1,))
    for n in range(1, 5):
        s.joins(n, f"passphrase-of-flat-{n}")
    s.refused(5, "passphrase-of-flat-9")
