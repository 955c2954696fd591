# SPDX-License-Identifier: GPL-2.0-or-later
"""PSK-SHA256 with protected management frames required, of every cipher."""

CIPHERS = ["CCMP", "GCMP", "CCMP-256", "GCMP-256"]


def run(s):
    s.key("bob", "akm-six-passphrase", "--vlan=30")
    for cipher in CIPHERS:
        ap = s.ap(wpa_key_mgmt="WPA-PSK-SHA256", ieee80211w=2, rsn_pairwise=cipher)
        s.joins(1, "akm-six-passphrase", key_mgmt="WPA-PSK-SHA256", ieee80211w=2, pairwise=cipher, group=cipher)
        s.in_vlan(ap, 1, 30)
        s.refused(2, "akm-six-something-else", "NO_MATCH", key_mgmt="WPA-PSK-SHA256", ieee80211w=2, pairwise=cipher,
                  group=cipher)
        s.air.rest()
        s.end_ap(ap)
