# SPDX-License-Identifier: GPL-2.0-or-later
"""Of thirty kinds of station with a right key 29 get in, and the log tells why the other does not."""

import time

from radio import wait_until
from scenario import PATIENCE

SHA256 = {"wpa_key_mgmt": "WPA-PSK-SHA256"}
MFP1, MFP2 = {"ieee80211w": 1}, {"ieee80211w": 2}
FT = {"wpa_key_mgmt": "FT-PSK", "mobility_domain": "a1b2", "ft_psk_generate_local": 1, "ft_over_ds": 0}
P63 = "The quick brown fox jumps over 13 lazy dogs; & then 7 #cats! ~zz"[:63]

# What it is, the SSID, the passphrase, the access point, the station, and its key management.
KINDS = [
    ("the shortest passphrase", b"PPSK", "12345678", {}, {}, "WPA-PSK"),
    ("the longest, and an SSID of 32 octets", "Café-Гости-无线-été☕".encode(), P63, {}, {}, "WPA-PSK"),
    ("another access point", b"Guest WiFi", "swordfish-2026", {"n": 1}, {}, "WPA-PSK"),
    ("a random MAC", b"Guest WiFi", "swordfish-2026", {}, {"mac_addr": 1}, "WPA-PSK"),
    ("an SSID with odd octets", b" a:b-\"c\"\\d,%{User-Name}\t\x01\xff ", "pass:word", {}, {}, "WPA-PSK"),
    ("an SSID with NUL", b"x\x00y\x00", "nul-in-the-ssid", {}, {}, "WPA-PSK"),
    ("the SSID 0", b"0", "zero-is-the-ssid", {}, {}, "WPA-PSK"),
    ("signs in the passphrase", b"punct", "a\"b\\c,d%{User-Name} 'e'`$(f)", {}, {}, "WPA-PSK"),
    ("UTF-8 in the passphrase", b"utf8", "пароль-été", {}, {}, "WPA-PSK"),
    ("spaces in the passphrase", b"spaces", "  two  ends  ", {}, {}, "WPA-PSK"),
    ("EAPOL version 2", b"PPSK", "12345678", {"eapol_version": 2}, {"settings": [("eapol_version", 2)]}, "WPA-PSK"),
    ("MFP", b"mfp", "protected-1", MFP1, MFP1, "WPA-PSK"),
    ("MFP required", b"mfp", "protected-2", MFP2, MFP2, "WPA-PSK"),
    ("PSK-SHA256", b"sha256", "akm-six-pass-0", SHA256, {}, "WPA-PSK-SHA256"),
    ("PSK-SHA256 with MFP", b"sha256", "akm-six-pass-1", {**SHA256, **MFP1}, MFP1, "WPA-PSK-SHA256"),
    ("PSK-SHA256 with MFP required", b"sha256", "akm-six-pass-2", {**SHA256, **MFP2}, MFP2, "WPA-PSK-SHA256"),
    ("PSK-SHA256, GCMP-256", b"sha256", "akm-six-gcmp-256", {**SHA256, **MFP2, "rsn_pairwise": "GCMP-256"},
     {**MFP2, "pairwise": "GCMP-256", "group": "GCMP-256"}, "WPA-PSK-SHA256"),
    ("PSK-SHA256, CCMP-256", b"sha256", "akm-six-ccmp-256", {**SHA256, **MFP2, "rsn_pairwise": "CCMP-256"},
     {**MFP2, "pairwise": "CCMP-256", "group": "CCMP-256"}, "WPA-PSK-SHA256"),
    ("GCMP", b"gcmp", "gcmp-128-pass", {"rsn_pairwise": "GCMP"}, {"pairwise": "GCMP", "group": "GCMP"}, "WPA-PSK"),
    ("GCMP-256", b"gcmp", "gcmp-256-pass", {"rsn_pairwise": "GCMP-256"},
     {"pairwise": "GCMP-256", "group": "GCMP-256"}, "WPA-PSK"),
    ("PSK and PSK-SHA256 at one access point", b"mixed", "mixed-akm-two",
     {"wpa_key_mgmt": "WPA-PSK WPA-PSK-SHA256", **MFP1}, MFP1, "WPA-PSK"),
    ("PSK beside SAE", b"transition", "transition-psk",
     {"wpa_key_mgmt": "WPA-PSK SAE", "sae_pwe": 2, **MFP1, "sae_password": "another-for-sae"},
     {**MFP1, "settings": [("sae_pwe", 2)]}, "WPA-PSK"),
    ("operating channel validation", b"ocv", "operating-channel", {**MFP2, "ocv": 1}, {**MFP2, "ocv": 1}, "WPA-PSK"),
    ("TKIP", b"tkip", "rsn-with-tkip", {"rsn_pairwise": "TKIP", "ieee80211n": 0},
     {"pairwise": "TKIP", "group": "TKIP"}, "WPA-PSK"),
    ("WPA with TKIP", b"wpa1", "wpa-one-with-tkip",
     {"wpa": 1, "wpa_pairwise": "TKIP", "rsn_pairwise": None, "ieee80211n": 0},
     {"proto": "WPA", "pairwise": "TKIP", "group": "TKIP"}, "WPA-PSK"),
    ("WPA with CCMP", b"wpa1", "wpa-one-with-ccmp", {"wpa": 1, "wpa_pairwise": "CCMP", "rsn_pairwise": None},
     {"proto": "WPA", "pairwise": "CCMP", "group": "CCMP"}, "WPA-PSK"),
    ("WPA and WPA2", b"mixed", "wpa-one-and-two", {"wpa": 3, "wpa_pairwise": "TKIP CCMP"},
     {"proto": "RSN", "pairwise": "CCMP", "group": "TKIP"}, "WPA-PSK"),
    ("FT-PSK", b"ft", "fast-transition", {**FT, "nas_identifier": "ap1"}, {}, "FT-PSK"),
    ("FT-PSK with MFP", b"ft", "fast-transition", {**FT, **MFP1, "nas_identifier": "ap1"}, MFP1, "FT-PSK"),
]
# hostapd 2.11 cuts the handshake of a name this long into fragments that nobody can join again.
BROKEN = ("FT-PSK with a long name", b"ft", "fast-transition", {**FT, "nas_identifier": "ap1.campus.example.org"}, {},
          "FT-PSK")
SAID = "malformed Access-Requests, which the server dropped before any module saw them: "


def attempt(s, number, kind, tries):
    what, ssid, passphrase, ap_params, station_params, key_mgmt = kind
    ssid = ssid + b"%d" % number if len(ssid) < 30 else ssid
    ap_params = dict(ap_params)
    if passphrase.isascii():
        s.key(str(number), passphrase, ssid=ssid)
    else:  # a hand may write what mpskctl advises against
        s.host.redis_cli("hset", f"mpsk:key:{{{s.id(str(number))}}}", "psk", passphrase, "ssid", ssid.decode())
        s.keys.append(s.id(str(number)))
    s.step(what)
    ap = s.ap(ap_params.pop("n", 0), ssid=ssid, dynamic_vlan=0, **ap_params)
    result = tries(1, passphrase, ssid=ssid, key_mgmt=key_mgmt, **station_params)
    s.station(1).leave()
    s.station(1).ctrl.request("SET eapol_version 1")
    s.end_ap(ap)
    return result


def run(s):
    refused = []
    for number, kind in enumerate(KINDS):
        result = attempt(s, number, kind, s.tries)
        if not result.joined:
            refused.append(f"{kind[0]}: {result}; the server: {s.last_refusal()}")
    s.check(not refused, "refused:\n" + "\n".join(refused))
    s.check(len(KINDS) == 29, f"{len(KINDS)} kinds of station got in, and ought to be 29")
    # The server drops the request before any module sees it; the module counts with it.
    begin = s.host.log()[1]

    def until_told(n, passphrase, ssid, **how):
        station = s.station(n)
        station.start(ssid, passphrase, **how)
        wait_until(lambda: SAID in s.host.log(begin)[0], PATIENCE, f"a line of the log that says {SAID!r}", step=0.5)
        return station.finish(time.monotonic() - station.begin + 1, stop=())

    result = attempt(s, len(KINDS), BROKEN, until_told)
    s.check(not result.joined, f"{BROKEN[0]}: {result}: hostapd sends it whole, so it belongs among the others")
