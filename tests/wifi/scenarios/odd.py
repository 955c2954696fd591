# SPDX-License-Identifier: GPL-2.0-or-later
"""A passphrase of 63 characters, one of 64 hex digits, and SSIDs with odd octets."""

P63 = "The quick brown fox jumps over 13 lazy dogs; & then 7 #cats! ~zz"[:63]
HEX = "5ca1ab1e" * 8
SSIDS = [b" a:b-\"c\"\\d,%{User-Name}\t\x01\xff ", b"x\x00y\x00", b"0", "Café-Гости-无线-été☕".encode()]


def run(s):
    for number, ssid in enumerate(SSIDS):
        s.key(f"long{number}", P63, ssid=ssid)
        ap = s.ap(ssid=ssid)
        s.joins(1, P63, ssid=ssid)
        s.station(1).leave()
        s.end_ap(ap)
    s.key("hex", HEX)
    s.key("signs", "a\"b\\c,d%{User-Name} 'e'`$(f)")
    s.ap()
    s.joins(1, None, raw_psk=HEX)
    s.joins(2, "a\"b\\c,d%{User-Name} 'e'`$(f)")
