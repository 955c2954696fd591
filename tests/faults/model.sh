#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The model test of sync at its full size: half a million edits, 400 connections cut.
set -u
MODEL_EDITS=${MODEL_EDITS:-500000} MODEL_KILLS=${MODEL_KILLS:-400} exec "${builddir:?}/tests/unit/store/test_model"
