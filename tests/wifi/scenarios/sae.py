# SPDX-License-Identifier: GPL-2.0-or-later
"""WPA3: a device that was learned on WPA2 joins by SAE with the same passphrase."""


def run(s):
    s.key("bob", "for-both-of-them", "--vlan=80")
    ap = s.ap()
    s.joins(1, "for-both-of-them").leave()
    s.end_ap(ap)
    # Without H2E: hostapd takes the passphrase from the answer too late for it.
    ap = s.ap(wpa_key_mgmt="SAE", ieee80211w=2, sae_pwe=0, macaddr_acl=2, wpa_psk_radius=2)
    s.joins(1, "for-both-of-them", key_mgmt="SAE", ieee80211w=2, settings=[("sae_pwe", 0)])
    s.in_vlan(ap, 1, 80)
