# SPDX-License-Identifier: GPL-2.0-or-later
"""A station of FT-PSK joins, and roams by fast transition, taking its VLAN along; a wrong key is refused."""

KEY = "0f" * 32


def holder(n):
    return {"nas_identifier": f"ap{n}", "r1_key_holder": f"02000000{n:02x}00"}


def run(s):
    s.key("bob", "fast-transition")
    s.key("eve", "fast-transition-too", "--vlan=50")
    aps = s.ap_together(2, each=holder, wpa_key_mgmt="FT-PSK", mobility_domain="a1b2", ft_over_ds=0, pmk_r1_push=1,
                        r0kh=f"ff:ff:ff:ff:ff:ff * {KEY}", r1kh=f"00:00:00:00:00:00 00:00:00:00:00:00 {KEY}")
    s.roams_fast(s.joins(1, "fast-transition", key_mgmt="FT-PSK"), aps)
    # One of the VLAN at each access point: it makes the VLAN's interface for the first, and takes too long for roaming.
    for n, ap in enumerate(aps, 2):
        s.joins(n, "fast-transition-too", key_mgmt="FT-PSK", bssid=ap.bssid)
    at = s.roams_fast(s.joins(4, "fast-transition-too", key_mgmt="FT-PSK"), aps)
    s.in_vlan(at, 4, 50)
    s.refused(5, "slow-transition", "NO_MATCH", key_mgmt="FT-PSK")
