#include "CPageCheck.h"

#include <sqlite3.h>
#include <string.h>

enum {
    page_bytes = 4096,
    checksum_bytes = 8,
    /// The part of page 1 that SQLite also reads on its own.
    header_bytes = 100,
    /// Any number above 100 is free for file controls of one's own.
    control_counts = 1001,
};

static const char vfs_name[] = "sojourn-pages";

/// An open database file; the file of the VFS below follows it in memory.
typedef struct {
    sqlite3_file base;
    /// The file's size while this connection holds a lock to write; without, others may change it, and it is -1.
    sqlite3_int64 end;
    struct sojourn_page_counts counts;
} page_file;

static sqlite3_vfs *vfs_below;

/// The file of the VFS below.
static sqlite3_file *below(sqlite3_file *file) { return (sqlite3_file *)((page_file *)file + 1); }

// MARK: The checksum

static inline uint64_t little_endian(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

static inline uint64_t load(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return little_endian(word);
}

/// One to one in `state` and in `word`: as long as all other words stay, a changed word changes the result. The factor
/// is odd, and the shift brings high bits down, which a product only ever moves up.
static inline uint64_t mixed(uint64_t state, uint64_t word) {
    state = (state ^ word) * 0xd6e8feb86659fd93u;
    return state ^ (state >> 32);
}

/// Of the page's words with the page number, counted from 1, in the checksum's place. Eight lanes take turns, because
/// one multiplication need not wait for that of another lane; at the end they are mixed into one, twice, so that a
/// change in the last of them reaches all bits.
static uint64_t checksum(const uint8_t *page, uint64_t number) {
    enum { lanes = 8, stride = lanes * 8 };
    uint64_t state[lanes];
    for (int lane = 0; lane < lanes; lane++) state[lane] = 0x9e3779b97f4a7c15u * (uint64_t)(lane + 1);
    for (int at = 0; at < page_bytes - stride; at += stride)
        for (int lane = 0; lane < lanes; lane++) state[lane] = mixed(state[lane], load(page + at + lane * 8));
    const uint8_t *last = page + page_bytes - stride;
    for (int lane = 0; lane < lanes - 1; lane++) state[lane] = mixed(state[lane], load(last + lane * 8));
    state[lanes - 1] = mixed(state[lanes - 1], number);
    uint64_t sum = 0;
    for (int lane = 0; lane < lanes; lane++) sum = mixed(sum, state[lane]);
    return mixed(mixed(sum, 0), 0);
}

// MARK: Pages

/// Whether page 1 says that pages have this size, and this many reserved bytes at their end.
static int has_room(const uint8_t *first_page) {
    return (first_page[16] << 8 | first_page[17]) == page_bytes && first_page[20] == checksum_bytes;
}

/// The pager takes a page that ends too early for one of zeros, so a short read is no answer for it, but for a page
/// that it has taken into use and given up again in the same transaction, before anything was written there.
static int short_read(sqlite3_file *file, sqlite3_int64 place) {
    sqlite3_int64 end = ((page_file *)file)->end;
    return end >= 0 && end <= place ? SQLITE_IOERR_SHORT_READ : SQLITE_IOERR_DATA;
}

/// Reads within one page, checked as a whole. The header alone is let through: SQLite reads it before it knows the
/// page size and before an interrupted transaction is rolled back, and reads page 1 whole before it relies on it.
static int read_bytes(sqlite3_file *file, void *into, int count, sqlite3_int64 offset) {
    sqlite3_file *inner = below(file);
    if (offset + count <= header_bytes) return inner->pMethods->xRead(inner, into, count, offset);
    int start = (int)(offset % page_bytes);
    // A damaged header can claim any page size.
    if (start + count > page_bytes) return SQLITE_IOERR_DATA;
    sqlite3_int64 place = offset - start;
    uint8_t scratch[page_bytes];
    uint8_t *page = count == page_bytes ? into : scratch;
    int code = inner->pMethods->xRead(inner, page, page_bytes, place);
    if (code == SQLITE_IOERR_SHORT_READ) code = short_read(file, place);
    if (code == SQLITE_OK) {
        ((page_file *)file)->counts.read++;
        if (load(page + page_bytes - checksum_bytes) != checksum(page, (uint64_t)(place / page_bytes) + 1)) code = SQLITE_IOERR_DATA;
        if (place == 0 && !has_room(page)) code = SQLITE_IOERR_DATA;
    }
    // After a short read the page is zeros, as the caller expects.
    if (page == scratch) memcpy(into, scratch + start, (size_t)count);
    return code;
}

/// Ends `page` with its checksum and writes it.
static int write_sealed(sqlite3_file *file, uint8_t *page, sqlite3_int64 place) {
    uint64_t sum = little_endian(checksum(page, (uint64_t)(place / page_bytes) + 1));
    memcpy(page + page_bytes - checksum_bytes, &sum, checksum_bytes);
    int code = below(file)->pMethods->xWrite(below(file), page, page_bytes, place);
    if (code != SQLITE_OK) return code;
    page_file *self = (page_file *)file;
    self->counts.written++;
    if (self->end >= 0 && self->end < place + page_bytes) self->end = place + page_bytes;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    *size = ((page_file *)file)->end;
    return *size >= 0 ? SQLITE_OK : below(file)->pMethods->xFileSize(below(file), size);
}

/// SQLite writes whole pages only. Pages of another size or without reserved bytes, which a VACUUM could make or a
/// connection that was not opened with `sojourn_pages_open`, would lose content to the checksum; they are refused.
static int write_bytes(sqlite3_file *file, const void *from, int count, sqlite3_int64 offset) {
    if (count != page_bytes || offset % page_bytes != 0) return SQLITE_IOERR_WRITE;
    if (offset == 0 && !has_room(from)) return SQLITE_IOERR_WRITE;
    sqlite3_int64 end;
    int code = file_size(file, &end);
    uint8_t page[page_bytes];
    // Pages are not written in order, and one that is given up before it was written may never be. A hole would read
    // as zeros without a checksum, so it is closed at once: every page of the file can be checked at any time.
    if (end < offset) memset(page, 0, page_bytes);
    for (sqlite3_int64 place = end - end % page_bytes; code == SQLITE_OK && place < offset; place += page_bytes)
        code = write_sealed(file, page, place);
    if (code != SQLITE_OK) return code;
    // A copy, as the buffer is SQLite's own.
    memcpy(page, from, page_bytes);
    return write_sealed(file, page, offset);
}

// MARK: The rest of a file

static int lock(sqlite3_file *file, int level) {
    int code = below(file)->pMethods->xLock(below(file), level);
    page_file *self = (page_file *)file;
    if (code != SQLITE_OK || level < SQLITE_LOCK_RESERVED || self->end >= 0) return code;
    return below(file)->pMethods->xFileSize(below(file), &self->end);
}

static int unlock(sqlite3_file *file, int level) {
    ((page_file *)file)->end = -1;
    return below(file)->pMethods->xUnlock(below(file), level);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    int code = below(file)->pMethods->xTruncate(below(file), size);
    page_file *self = (page_file *)file;
    if (code == SQLITE_OK && self->end >= 0) self->end = size;
    return code;
}

static int control(sqlite3_file *file, int operation, void *argument) {
    switch (operation) {
    case control_counts: *(struct sojourn_page_counts *)argument = ((page_file *)file)->counts; return SQLITE_OK;
    // These let the file grow by zeros without a checksum, or be read past the check.
    case SQLITE_FCNTL_SIZE_HINT:
    case SQLITE_FCNTL_CHUNK_SIZE:
    case SQLITE_FCNTL_MMAP_SIZE: return SQLITE_NOTFOUND;
    default: return below(file)->pMethods->xFileControl(below(file), operation, argument);
    }
}

static int close_file(sqlite3_file *file) { return below(file)->pMethods->xClose(below(file)); }
static int sync_file(sqlite3_file *file, int flags) { return below(file)->pMethods->xSync(below(file), flags); }
static int is_reserved(sqlite3_file *file, int *answer) { return below(file)->pMethods->xCheckReservedLock(below(file), answer); }
static int sector_size(sqlite3_file *file) { return below(file)->pMethods->xSectorSize(below(file)); }
static int characteristics(sqlite3_file *file) { return below(file)->pMethods->xDeviceCharacteristics(below(file)); }

/// Version 1 has neither shared memory, which a write-ahead log needs, nor memory mapping.
static const sqlite3_io_methods methods = {
    .iVersion = 1, .xClose = close_file, .xRead = read_bytes, .xWrite = write_bytes, .xTruncate = truncate_file,
    .xSync = sync_file, .xFileSize = file_size, .xLock = lock, .xUnlock = unlock, .xCheckReservedLock = is_reserved,
    .xFileControl = control, .xSectorSize = sector_size, .xDeviceCharacteristics = characteristics,
};

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_given) {
    (void)vfs;
    if (!(flags & SQLITE_OPEN_MAIN_DB)) return vfs_below->xOpen(vfs_below, path, file, flags, flags_given);
    memset(file, 0, sizeof(page_file) + (size_t)vfs_below->szOsFile);
    ((page_file *)file)->end = -1;
    int code = vfs_below->xOpen(vfs_below, path, below(file), flags, flags_given);
    // Tells SQLite whether there is something to close, also after a failure.
    file->pMethods = below(file)->pMethods ? &methods : NULL;
    return code;
}

// MARK: What is called from outside

int sojourn_pages_register(void) {
    static sqlite3_vfs vfs;
    int code = sqlite3_initialize();
    if (code != SQLITE_OK) return code;
    sqlite3_mutex *mutex = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(mutex);
    if (vfs_below == NULL && (vfs_below = sqlite3_vfs_find(NULL)) != NULL) {
        // Paths, time, randomness and the rest are the default's.
        vfs = *vfs_below;
        vfs.pNext = NULL;
        vfs.zName = vfs_name;
        vfs.szOsFile += (int)sizeof(page_file);
        vfs.xOpen = open_file;
    }
    // Registering once more changes nothing.
    code = vfs_below == NULL ? SQLITE_ERROR : sqlite3_vfs_register(&vfs, 0);
    sqlite3_mutex_leave(mutex);
    return code;
}

int sojourn_pages_open(const char *path, sqlite3 **database, int flags) {
    *database = NULL;
    int code = sojourn_pages_register();
    if (code == SQLITE_OK) code = sqlite3_open_v2(path, database, flags, vfs_name);
    if (code != SQLITE_OK) return code;
    // Both have no effect on a database that already has pages.
    char *statement = sqlite3_mprintf("PRAGMA page_size = %d", page_bytes);
    code = statement == NULL ? SQLITE_NOMEM : sqlite3_exec(*database, statement, NULL, NULL, NULL);
    sqlite3_free(statement);
    int reserved = checksum_bytes;
    return code == SQLITE_OK ? sqlite3_file_control(*database, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved) : code;
}

int sojourn_pages_count(sqlite3 *database, struct sojourn_page_counts *counts) {
    return sqlite3_file_control(database, "main", control_counts, counts);
}
