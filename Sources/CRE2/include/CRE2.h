// A C face for RE2, the engine whose syntax CEL's `matches` names: linear time, whatever the pattern.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sojourn_regex sojourn_regex;

/// Compiles `pattern` (UTF-8, `length` bytes). On failure returns NULL and writes a message,
/// cut to `message_capacity` bytes with its NUL, to `message`.
sojourn_regex *sojourn_regex_create(const char *pattern, size_t length, char *message, size_t message_capacity);

/// How many instructions the compiled pattern has: a measure of its memory and of the time it takes.
size_t sojourn_regex_steps(const sojourn_regex *regex);

/// Whether the pattern matches anywhere in `text`. Safe to call from several threads at once.
bool sojourn_regex_matches(const sojourn_regex *regex, const char *text, size_t length);

void sojourn_regex_destroy(sojourn_regex *regex);

#ifdef __cplusplus
}
#endif
