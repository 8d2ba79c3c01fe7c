// SPDX-License-Identifier: GPL-3.0-or-later
// Only carries the precompiled headers of the tests: see lab_test_headers() in CMakeLists.txt.
