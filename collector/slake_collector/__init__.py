# Copyright the Slake authors
# SPDX-License-Identifier: Apache-2.0
"""The kit every processor uses: it brings what a source holds into raw objects, and understands nothing of it."""
