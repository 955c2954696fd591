# SPDX-License-Identifier: GPL-2.0-or-later
"""WPA3: a device that was learned on WPA2, or is registered, joins by SAE; a stranger does not."""

HNP = [("sae_pwe", 0)]  # without H2E: hostapd takes the passphrase from the answer too late for it
STATION = {"key_mgmt": "SAE", "ieee80211w": 2, "settings": HNP}
SAE = {"wpa_key_mgmt": "SAE", "ieee80211w": 2, "sae_pwe": 0, "macaddr_acl": 2, "wpa_psk_radius": 2}
BOTH = {"wpa_key_mgmt": "WPA-PSK SAE", "ieee80211w": 1, "sae_pwe": 0, "macaddr_acl": 2, "wpa_psk_radius": 3}
DIGITS = "0123456789abcdef" * 4


def comes(s, ap, n, passphrase, vlan, how):
    station = s.joins(n, passphrase, **how)
    s.in_vlan(ap, n, vlan)
    station.leave()


def run(s):
    s.key("bob", "for-both-of-them", "--vlan=80")
    s.key("ann", "registered-by-hand", "--vlan=81")
    s.key("digits", DIGITS)
    s.ctl("device", "add", "ann", s.station(2).mac)
    s.ctl("device", "add", "digits", s.station(4).mac)
    ap = s.ap()
    s.joins(1, "for-both-of-them").leave()
    s.end_ap(ap)

    ap = s.ap(**SAE)
    comes(s, ap, 1, "for-both-of-them", 80, STATION)
    comes(s, ap, 2, "registered-by-hand", 81, STATION)
    s.refused(3, "for-both-of-them", "UNKNOWN_MAC", seconds=8, **STATION)
    # The server cannot know that it is SAE: hostapd does not say so.
    s.refused(4, DIGITS, seconds=8, **STATION)
    s.end_ap(ap)

    # Where both are offered, a MAC that is refused gets to no handshake either.
    ap = s.ap(**BOTH)
    comes(s, ap, 1, "for-both-of-them", 80, STATION)
    comes(s, ap, 2, "registered-by-hand", 81, {"ieee80211w": 1})
    s.refused(3, "for-both-of-them", "UNKNOWN_MAC", seconds=8)
    s.end_ap(ap)

    ap = s.ap(**{**SAE, "sae_pwe": 1})
    s.refused(1, "for-both-of-them", seconds=8, **{**STATION, "settings": [("sae_pwe", 1)]})
