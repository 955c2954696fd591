# SPDX-License-Identifier: GPL-2.0-or-later
"""A rotated key: the old passphrase works in its grace and not without, VLAN and devices stay."""


def run(s):
    s.key("bob", "the-old-passphrase", "--vlan=60", "--max=1")
    ap = s.ap()
    s.joins(1, "the-old-passphrase").leave()
    s.ctl("key", "rotate", "bob", "--grace=1h", "--passphrase-file=-", text="the-new-passphrase\n")
    s.joins(1, "the-old-passphrase").leave()
    s.joins(1, "the-new-passphrase")
    s.in_vlan(ap, 1, 60)
    s.station(1).leave()
    s.ctl("key", "rotate", "bob", "--grace=0", "--passphrase-file=-", text="the-newest-passphrase\n")
    s.refused(1, "the-old-passphrase", "NO_MATCH")
    s.refused(1, "the-new-passphrase", "NO_MATCH")
    s.joins(1, "the-newest-passphrase")
