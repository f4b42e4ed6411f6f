#define _GNU_SOURCE
#include "FaultShim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *under;
static int log_file = -1;
static long calls, kill_at, full_at, fail_at;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static void begin(void) {
    under = getenv("FAULT_UNDER");
    kill_at = number("FAULT_KILL_AT");
    full_at = number("FAULT_FULL_AT");
    fail_at = number("FAULT_FAIL_AT");
    const char *path = getenv("FAULT_LOG");
    if (path) log_file = REAL(open)(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

/// The whole path, if it lies below the folder.
static int is_watched(const char *path, char *whole) {
    pthread_once(&once, begin);
    if (!under) return 0;
    if (path[0] == '/') {
        snprintf(whole, PATH_MAX, "%s", path);
    } else {
        char here[PATH_MAX];
        if (!getcwd(here, sizeof here)) return 0;
        while (path[0] == '.' && path[1] == '/') path += 2;
        snprintf(whole, PATH_MAX, "%.2000s/%.2000s", here, path);
    }
    size_t length = strlen(under);
    return strncmp(whole, under, length) == 0 && whole[length] == '/';
}

static int is_watched_file(int file, char *whole) {
    pthread_once(&once, begin);
    if (!under || file == log_file) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t count = readlink(link, path, sizeof path - 1);
    if (count <= 0) return 0;
    path[count] = 0;
    return is_watched(path, whole);
}

/// What is to become of a call. Called with the lock held, which the caller keeps while it makes the call.
enum fate { made, failed, torn };

static enum fate next(char kind, const char *path, const char *second, long offset, long length, const void *bytes) {
    long call = ++calls;
    if (log_file >= 0) {
        char line[2 * PATH_MAX + 64];
        int count = snprintf(line, sizeof line, "%c %ld %ld %s%s%s\n", kind, offset, length, path, second ? "\t" : "", second ? second : "");
        REAL(write)(log_file, line, (size_t)count);
        if (kind == 'W') REAL(write)(log_file, bytes, (size_t)length);
    }
    if (call == kill_at) {
        if (kind == 'W') return torn;
        kill(getpid(), SIGKILL);
    }
    int takes_room = kind == 'O' || kind == 'W' || kind == 'T' || kind == 'M';
    if ((full_at && (call == full_at || (call > full_at && takes_room)) && kind != 'U') || call == fail_at) {
        errno = ENOSPC;
        return failed;
    }
    return made;
}

#define GUARDED(type, kind, path, second, offset, length, bytes, made_call)              \
    pthread_mutex_lock(&lock);                                                           \
    enum fate fate = next(kind, path, second, offset, length, bytes);                    \
    type result = fate == failed ? -1 : (made_call);                                     \
    int reason = errno;                                                                  \
    pthread_mutex_unlock(&lock);                                                         \
    errno = reason;                                                                      \
    return result

// MARK: Writing

static ssize_t write_at(int file, const void *bytes, size_t count, off_t offset) {
    return offset < 0 ? REAL(write)(file, bytes, count) : REAL(pwrite)(file, bytes, count, offset);
}

static ssize_t write_or_tear(enum fate fate, int file, const void *bytes, size_t count, off_t offset) {
    if (fate != torn) return write_at(file, bytes, count, offset);
    write_at(file, bytes, count / 2, offset);
    kill(getpid(), SIGKILL);
    return -1;
}

ssize_t write(int file, const void *bytes, size_t count) {
    char path[PATH_MAX];
    if (!is_watched_file(file, path)) return REAL(write)(file, bytes, count);
    GUARDED(ssize_t, 'W', path, NULL, lseek(file, 0, SEEK_CUR), (long)count, bytes, write_or_tear(fate, file, bytes, count, -1));
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    char path[PATH_MAX];
    if (!is_watched_file(file, path)) return REAL(pwrite)(file, bytes, count, offset);
    GUARDED(ssize_t, 'W', path, NULL, offset, (long)count, bytes, write_or_tear(fate, file, bytes, count, offset));
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) { return pwrite(file, bytes, count, offset); }

int ftruncate(int file, off_t size) {
    char path[PATH_MAX];
    if (!is_watched_file(file, path)) return REAL(ftruncate)(file, size);
    GUARDED(int, 'T', path, NULL, size, 0, NULL, REAL(ftruncate)(file, size));
}

int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }

// MARK: Waiting for the disk

int fsync(int file) {
    char path[PATH_MAX];
    if (!is_watched_file(file, path)) return REAL(fsync)(file);
    GUARDED(int, 'S', path, NULL, 0, 0, NULL, 0);
}

int fdatasync(int file) { return fsync(file); }

// MARK: Names

static int is_change(const char *path, int flags) {
    struct stat status;
    if (stat(path, &status) == 0) return (flags & O_TRUNC) != 0;
    return (flags & O_CREAT) != 0;
}

static int open_with(int folder, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX];
    if ((folder != AT_FDCWD && path[0] != '/') || !(flags & (O_CREAT | O_TRUNC)) || !is_watched(path, whole) || !is_change(path, flags))
        return REAL(openat)(folder, path, flags, mode);
    GUARDED(int, 'O', whole, NULL, 0, 0, NULL, REAL(openat)(folder, path, flags, mode));
}

#define MODE(flags)                                  \
    mode_t mode = 0;                                 \
    if ((flags) & (O_CREAT | O_TMPFILE)) {           \
        va_list more;                                \
        va_start(more, flags);                       \
        mode = va_arg(more, mode_t);                 \
        va_end(more);                                \
    }

int open(const char *path, int flags, ...) {
    MODE(flags)
    return open_with(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags)
    return open_with(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return open_with(folder, path, flags, mode);
}

int mkdir(const char *path, mode_t mode) {
    char whole[PATH_MAX];
    struct stat status;
    if (!is_watched(path, whole) || stat(path, &status) == 0) return REAL(mkdir)(path, mode);
    GUARDED(int, 'M', whole, NULL, 0, 0, NULL, REAL(mkdir)(path, mode));
}

int rename(const char *from, const char *to) {
    char one[PATH_MAX], other[PATH_MAX];
    if (!is_watched(from, one) || !is_watched(to, other)) return REAL(rename)(from, to);
    GUARDED(int, 'R', one, other, 0, 0, NULL, REAL(rename)(from, to));
}

/// An exchange has its flag (2) in place of the length.
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    char one[PATH_MAX], other[PATH_MAX];
    if (!is_watched(from, one) || !is_watched(to, other)) return REAL(renameat2)(from_folder, from, to_folder, to, flags);
    GUARDED(int, 'R', one, other, 0, flags, NULL, REAL(renameat2)(from_folder, from, to_folder, to, flags));
}

int unlink(const char *path) {
    char whole[PATH_MAX];
    if (!is_watched(path, whole)) return REAL(unlink)(path);
    GUARDED(int, 'U', whole, NULL, 0, 0, NULL, REAL(unlink)(path));
}

int rmdir(const char *path) {
    char whole[PATH_MAX];
    if (!is_watched(path, whole)) return REAL(rmdir)(path);
    GUARDED(int, 'U', whole, NULL, 0, 0, NULL, REAL(rmdir)(path));
}

int unlinkat(int folder, const char *path, int flags) {
    char whole[PATH_MAX], link[64], above[PATH_MAX];
    const char *full = path;
    if (folder != AT_FDCWD && path[0] != '/') {
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t count = readlink(link, above, sizeof above - 1);
        if (count <= 0) return REAL(unlinkat)(folder, path, flags);
        above[count] = 0;
        snprintf(whole, sizeof whole, "%.2000s/%.2000s", above, path);
        full = whole;
    }
    char watched[PATH_MAX];
    if (!is_watched(full, watched)) return REAL(unlinkat)(folder, path, flags);
    GUARDED(int, 'U', watched, NULL, 0, 0, NULL, REAL(unlinkat)(folder, path, flags));
}
