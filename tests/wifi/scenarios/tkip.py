# SPDX-License-Identifier: GPL-2.0-or-later
"""WPA2 and WPA with TKIP, and WPA with CCMP."""

KINDS = [
    ({"rsn_pairwise": "TKIP", "ieee80211n": 0}, {"pairwise": "TKIP", "group": "TKIP"}),
    ({"wpa": 1, "wpa_pairwise": "TKIP", "rsn_pairwise": None, "ieee80211n": 0},
     {"proto": "WPA", "pairwise": "TKIP", "group": "TKIP"}),
    ({"wpa": 1, "wpa_pairwise": "CCMP", "rsn_pairwise": None}, {"proto": "WPA", "pairwise": "CCMP", "group": "CCMP"}),
]


def run(s):
    s.key("bob", "an-old-scanner")
    for ap_params, station_params in KINDS:
        ap = s.ap(**ap_params)
        s.joins(1, "an-old-scanner", **station_params)
        s.refused(2, "an-older-scanner", "NO_MATCH", **station_params)
        s.air.rest()
        s.end_ap(ap)
