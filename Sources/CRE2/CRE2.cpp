#include "CRE2.h"

#include <re2/re2.h>

#include <cstring>
#include <new>

struct sojourn_regex {
    explicit sojourn_regex(re2::StringPiece pattern, const RE2::Options &options) : expression(pattern, options) {}
    RE2 expression;
};

sojourn_regex *sojourn_regex_create(const char *pattern, size_t length, char *message, size_t message_capacity) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(8 << 20);
    auto *regex = new (std::nothrow) sojourn_regex(re2::StringPiece(pattern, length), options);
    if (regex != nullptr && regex->expression.ok()) return regex;
    const char *why = regex == nullptr ? "out of memory" : regex->expression.error().c_str();
    if (message_capacity > 0) {
        std::strncpy(message, why, message_capacity - 1);
        message[message_capacity - 1] = '\0';
    }
    delete regex;
    return nullptr;
}

size_t sojourn_regex_steps(const sojourn_regex *regex) { return static_cast<size_t>(regex->expression.ProgramSize()); }

bool sojourn_regex_matches(const sojourn_regex *regex, const char *text, size_t length) {
    return RE2::PartialMatch(re2::StringPiece(text, length), regex->expression);
}

void sojourn_regex_destroy(sojourn_regex *regex) { delete regex; }
