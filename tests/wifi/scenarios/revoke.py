# SPDX-License-Identifier: GPL-2.0-or-later
"""A revoked device is off within five seconds and cannot come back; nobody else is disturbed."""


def run(s):
    s.key("bob", "until-it-is-revoked")
    s.key("eve", "somebody-elses-key")
    s.ap()
    station = s.joins(1, "until-it-is-revoked")
    other = s.joins(2, "somebody-elses-key")
    s.is_counted("bob")
    s.ctl("key", "disable", "bob")
    s.off_within(station, 5, "the device is still on")
    s.stays_off(station, 4, "the device is on again")
    s.refused(1, "until-it-is-revoked", "DISABLED")
    s.check(not other.is_off(), "another key's device was sent away")
