# SPDX-License-Identifier: GPL-2.0-or-later
"""A key is rotated without a grace: who came with the old passphrase is off, and stays off."""


def run(s):
    s.key("bob", "the-one-that-leaked")
    s.ap()
    station = s.joins(1, "the-one-that-leaked")
    s.is_counted("bob")
    s.ctl("key", "rotate", "bob", "--now", "--passphrase-file=-", text="the-one-after-it\n")
    s.off_within(station, 5, "the device is still on")
    s.refused(1, "the-one-that-leaked", "NO_MATCH")
    s.joins(1, "the-one-after-it")
