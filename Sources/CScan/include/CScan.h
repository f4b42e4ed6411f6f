// What Swift does not give: SSE2 compare-and-mask over bytes, prefetching, and a limit of the allocator's.
#pragma once
#include <stddef.h>
#include <stdint.h>
#if defined(__linux__)
#include <malloc.h>
#endif
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// The distance from `text` to the first byte that ends a plain run inside a JSON string:
/// a quote, a backslash or a control character (below 0x20). Sets `*non_ascii` to nonzero
/// when a byte of 0x80 or more lies before it. Reads up to 15 bytes past the answer; the caller
/// guarantees that such a byte exists before the end of the padded buffer.
static inline size_t sojourn_scan_string(const uint8_t *text, uint32_t *non_ascii) {
    size_t offset = 0;
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), limit = _mm_set1_epi8(0x1f);
    for (;;) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(text + offset));
        __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
                                    _mm_cmpeq_epi8(_mm_min_epu8(bytes, limit), bytes));
        uint32_t stops = (uint32_t)_mm_movemask_epi8(stop);
        uint32_t high = (uint32_t)_mm_movemask_epi8(bytes);
        if (stops != 0) {
            uint32_t first = (uint32_t)__builtin_ctz(stops);
            *non_ascii |= high & ((1u << first) - 1u);
            return offset + first;
        }
        *non_ascii |= high;
        offset += 16;
    }
#else
    for (;; offset++) {
        uint8_t byte = text[offset];
        if (byte == '"' || byte == '\\' || byte < 0x20) return offset;
        *non_ascii |= byte & 0x80;
    }
#endif
}

/// How many whole blocks of 16 bytes from `text` on, of `count` bytes, are ASCII; answered in bytes.
static inline size_t sojourn_ascii_blocks(const uint8_t *text, size_t count) {
    size_t offset = 0;
#if defined(__SSE2__)
    while (count - offset >= 16 && _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(text + offset))) == 0) offset += 16;
#endif
    return offset;
}

/// From so many bytes on, memory comes from the system and goes back to it when it is let go.
static inline void sojourn_set_mapped_from(int bytes) {
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, bytes);
#endif
}

/// Asks for the cache line at `address`, which need not be readable.
static inline void sojourn_prefetch(const void *address) { __builtin_prefetch(address); }
