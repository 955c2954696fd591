# SPDX-License-Identifier: GPL-2.0-or-later
"""A station of FT-PSK joins, and roams by fast transition; a wrong key is refused."""

KEY = "0f" * 32


def holder(n):
    return {"nas_identifier": f"ap{n}", "r1_key_holder": f"02000000{n:02x}00"}


def run(s):
    # Without a VLAN: hostapd 2.11 forgets its ANonce when it binds a roaming station to one.
    s.key("bob", "fast-transition")
    aps = s.ap_together(2, each=holder, wpa_key_mgmt="FT-PSK", mobility_domain="a1b2", ft_over_ds=0, pmk_r1_push=1,
                        r0kh=f"ff:ff:ff:ff:ff:ff * {KEY}", r1kh=f"00:00:00:00:00:00 00:00:00:00:00:00 {KEY}")
    station = s.joins(1, "fast-transition", key_mgmt="FT-PSK")
    at = station.bssid()
    target = next(ap for ap in aps if ap.bssid != at)
    s.check(station.roam(target.bssid), f"no fast transition from {at} to {target.bssid}")
    s.refused(2, "slow-transition", "NO_MATCH", key_mgmt="FT-PSK")
