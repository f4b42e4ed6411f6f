// A library to be loaded before all others (LD_PRELOAD) that stands between a program and its files, for tests of what a
// crash, a full disk or a lost power supply leaves behind. It numbers, from 1, the calls that change files or folders below
// one folder, in the order in which they are made:
//
//   O create or empty a file   W write   T cut or lengthen   S wait for the disk   R rename   U remove   M make a folder
//
// Environment: FAULT_UNDER     the folder, an absolute path without links; without it nothing is touched.
//              FAULT_LOG       a file that gets each call before it is made: "KIND OFFSET LENGTH PATH\n", for R with a second
//                              path behind a tab, after W the bytes written.
//              FAULT_KILL_AT   kills the process at the call of that number; of a write the first half is made.
//              FAULT_FULL_AT   from that call on nothing that takes room succeeds: O, W, T and M fail with ENOSPC; S and R
//                              only where they are that very call.
//              FAULT_FAIL_AT   only that very call fails, with ENOSPC.
#pragma once
