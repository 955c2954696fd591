#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
MPSK_BUILD=${builddir:?} exec "${srcdir:?}/tests/wifi/run" --core
