# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
