// SQLite databases whose every page bears a checksum, so that a damaged file gives an error and never another number.
//
// SQLite checks the form of what it reads, not its content: a flipped bit in a stored number is a different number.
// Here a layer between SQLite and the file system (a VFS named `sojourn-pages`, over the default one) ends each page
// of 4096 bytes with a 64-bit checksum over its other 4088 bytes and its page number, and compares it at every read.
// Any damage within eight neighbouring bytes that begin at a multiple of eight is always noticed, other damage but for
// one case in 2^64; so is a page that stands at another page's place. What no page can tell is not noticed: an
// older version of a page at its own place (a write that the disk lost), a file replaced by an older copy, and a
// file cut to no bytes or one, which is an empty database to SQLite.
//
// Only database files are checked. Journals and temporary files pass through as they are. A write-ahead log and
// memory mapping are not offered, as pages would get past the check.
#pragma once
#include <stdint.h>

struct sqlite3;

/// Makes the VFS known to SQLite, not as the default. May be called any number of times, from any thread. Answers
/// an SQLite result code.
int sojourn_pages_register(void);

/// Like `sqlite3_open_v2` through this VFS; a new database gets pages of 4096 bytes that leave room for the checksum.
/// As there, `*database` must be closed even on failure. A database made otherwise, or damaged, fails at the first
/// statement that reads it, with SQLITE_IOERR_DATA where a page and its checksum differ.
int sojourn_pages_open(const char *path, struct sqlite3 **database, int flags);

/// Pages that went between the main database's file and one connection since it was opened. Pages that SQLite still
/// had in memory are not among them.
struct sojourn_page_counts {
    uint64_t read;
    uint64_t written;
};

/// Answers SQLITE_NOTFOUND on a connection that does not go through this VFS.
int sojourn_pages_count(struct sqlite3 *database, struct sojourn_page_counts *counts);
