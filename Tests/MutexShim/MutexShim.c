// Tells the thread sanitizer of Swift's Mutex. Its quick way is inlined, so that the sanitizer sees it; where threads have to
// wait, it is the library's own code, which was built without, and all that the lock protects would be called a race. Loaded
// before the tests by LD_PRELOAD (`make sanitize`); elsewhere nothing calls what the sanitizer has.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SELF __attribute__((swift_context))

#define SWIFT __attribute__((swiftcall))

SWIFT typedef void Lock(uint32_t thread, SELF void *mutex);
SWIFT typedef void Unlock(SELF void *mutex);

__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
    ((Lock *)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slow(SELF void *mutex) {
    if (__tsan_release) __tsan_release(mutex);
    ((Unlock *)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}
