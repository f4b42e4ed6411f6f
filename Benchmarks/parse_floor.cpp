// What nobody can be faster than who reads a log strictly: decompression, and a full walk of every line by simdjson.
//
//   parse_floor FILE...          counts lines, and those that are no JSON object; all cores
//   parse_floor --clean FILE     writes the lines that are JSON objects to stdout
//
// Of several files each has a thread, the largest first. Of one file a thread decompresses and the others parse. A line
// counts where all of it is UTF-8 and JSON (RFC 8259), and it is an object: every key, text and number is looked at, by
// simdjson's On-Demand API. Nothing is kept of it. zstd, gzip and plain files are told apart by content.
//
//   g++ -O3 -march=native -std=c++17 parse_floor.cpp -o parse_floor -lsimdjson -lzstd -lz -pthread

#include <simdjson.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

using simdjson::ondemand::json_type;
using simdjson::ondemand::value;

static const size_t BLOCK = 1 << 20;

[[noreturn]] static void fail(const std::string &what) {
    std::fprintf(stderr, "parse_floor: %s\n", what.c_str());
    std::exit(1);
}

// Looks at all of a value; throws simdjson_error where it is no JSON.
template <typename Value> static void walk(Value &&value) {
    switch (json_type type = value.type()) {
    case json_type::object:
        for (auto field : value.get_object()) {
            (void)field.unescaped_key().value();
            walk(field.value());
        }
        break;
    case json_type::array:
        for (auto element : value.get_array()) walk(element.value());
        break;
    case json_type::string: (void)std::string_view(value.get_string()); break;
    case json_type::number: (void)value.get_number().value(); break;
    case json_type::boolean: (void)bool(value.get_bool()); break;
    case json_type::null:
        if (!value.is_null()) throw simdjson::simdjson_error(simdjson::N_ATOM_ERROR);
        break;
    default: throw simdjson::simdjson_error(simdjson::TAPE_ERROR);
    }
}

struct Counts {
    size_t lines = 0, bad = 0, bytes = 0;
};

struct LineParser {
    simdjson::ondemand::parser parser;
    // Whole numbers beyond 64 bits are JSON, too; simdjson refuses them, and the log has none.
    bool isObject(const char *line, size_t length, size_t room) {
        try {
            auto document = parser.iterate(line, length, room);
            if (json_type(document.type()) != json_type::object) return false;
            for (auto field : document.get_object()) {
                (void)field.unescaped_key().value();
                walk(field.value());
            }
            // Behind the object there must be nothing: then there is no place any more.
            return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
        } catch (const simdjson::simdjson_error &) { return false; }
    }

    // The whole lines of a block, behind which there are SIMDJSON_PADDING bytes to read.
    void parse(const char *block, size_t size, Counts &counts, FILE *clean) {
        counts.bytes += size;
        for (size_t at = 0; at < size;) {
            const char *end = static_cast<const char *>(std::memchr(block + at, '\n', size - at));
            size_t length = (end ? size_t(end - block) : size) - at;
            if (length > 0 && std::string_view(block + at, length).find_first_not_of(" \t\r") != std::string_view::npos) {
                counts.lines += 1;
                bool good = isObject(block + at, length, size - at + simdjson::SIMDJSON_PADDING);
                if (!good) counts.bad += 1;
                if (good && clean) {
                    std::fwrite(block + at, 1, length, clean);
                    std::fputc('\n', clean);
                }
            }
            at += length + 1;
        }
    }
};

// The decompressed bytes of a file, read on and on.
struct Input {
    FILE *file;
    std::vector<char> packed = std::vector<char>(BLOCK);
    size_t at = 0, filled = 0;
    ZSTD_DStream *zstd = nullptr;
    z_stream gzip{};
    enum { PLAIN, ZSTD, GZIP } kind = PLAIN;

    explicit Input(const std::string &path) : file(std::fopen(path.c_str(), "rb")) {
        if (!file) fail("cannot open " + path);
        fill();
        if (filled >= 4 && std::memcmp(packed.data(), "\x28\xb5\x2f\xfd", 4) == 0) kind = ZSTD, zstd = ZSTD_createDStream();
        if (filled >= 2 && std::memcmp(packed.data(), "\x1f\x8b", 2) == 0) {
            kind = GZIP;
            if (inflateInit2(&gzip, 31) != Z_OK) fail("zlib");
        }
    }
    ~Input() {
        std::fclose(file);
        if (zstd) ZSTD_freeDStream(zstd);
        if (kind == GZIP) inflateEnd(&gzip);
    }
    Input(const Input &) = delete;

    void fill() { at = 0, filled = std::fread(packed.data(), 1, packed.size(), file); }

    // Fills `room`; fewer bytes only at the end.
    size_t read(char *to, size_t room) {
        size_t written = 0;
        while (written < room) {
            if (at == filled) fill();
            if (kind == PLAIN) {
                size_t taken = std::min(room - written, filled - at);
                std::memcpy(to + written, packed.data() + at, taken);
                written += taken, at += taken;
                if (taken == 0) break;
            } else if (kind == ZSTD) {
                ZSTD_inBuffer in{packed.data(), filled, at};
                ZSTD_outBuffer out{to, room, written};
                size_t result = ZSTD_decompressStream(zstd, &out, &in);
                if (ZSTD_isError(result)) fail(ZSTD_getErrorName(result));
                if (in.pos == at && out.pos == written) break;
                at = in.pos, written = out.pos;
            } else {
                gzip.next_in = reinterpret_cast<Bytef *>(packed.data() + at), gzip.avail_in = unsigned(filled - at);
                gzip.next_out = reinterpret_cast<Bytef *>(to + written), gzip.avail_out = unsigned(room - written);
                int result = inflate(&gzip, Z_NO_FLUSH);
                bool stands = gzip.avail_in == filled - at && gzip.avail_out == room - written;
                at = filled - gzip.avail_in, written = room - gzip.avail_out;
                if (result == Z_STREAM_END) inflateReset(&gzip);
                else if (result == Z_BUF_ERROR || stands) break;
                else if (result != Z_OK) fail("damaged gzip");
            }
        }
        return written;
    }
};

struct Block {
    std::vector<char> bytes;
    size_t size = 0;
};

// Cuts an input into blocks that end with a line.
struct Blocks {
    Input input;
    std::vector<char> rest;
    explicit Blocks(const std::string &path) : input(path) {}

    // Reuses the block's memory. False at the end.
    bool next(Block &block) {
        size_t room = std::max(BLOCK, 2 * rest.size());
        if (block.bytes.size() < room + simdjson::SIMDJSON_PADDING) block.bytes.resize(room + simdjson::SIMDJSON_PADDING);
        std::copy(rest.begin(), rest.end(), block.bytes.begin());
        size_t size = rest.size() + input.read(block.bytes.data() + rest.size(), room - rest.size());
        rest.clear();
        block.size = size;
        if (size < room) return size > 0;
        while (block.size > 0 && block.bytes[block.size - 1] != '\n') block.size -= 1;
        if (block.size == 0) fail("a line is longer than a block");
        rest.assign(block.bytes.begin() + block.size, block.bytes.begin() + size);
        return true;
    }
};

static void parseFile(const std::string &path, Counts &counts, FILE *clean) {
    LineParser parser;
    Blocks blocks(path);
    for (Block block; blocks.next(block);) parser.parse(block.bytes.data(), block.size, counts, clean);
}

static Counts parseSingle(const std::string &path, unsigned cores) {
    std::mutex mutex;
    std::condition_variable filled, emptied;
    std::deque<Block> waiting, spare(2 * cores + 2);
    bool ended = false;
    std::vector<Counts> counts(cores);
    std::vector<std::thread> threads;
    for (unsigned index = 0; index < cores; index++)
        threads.emplace_back([&, index] {
            LineParser parser;
            Counts own;
            for (;;) {
                Block block;
                {
                    std::unique_lock lock(mutex);
                    filled.wait(lock, [&] { return ended || !waiting.empty(); });
                    if (waiting.empty()) break;
                    block = std::move(waiting.front());
                    waiting.pop_front();
                }
                parser.parse(block.bytes.data(), block.size, own, nullptr);
                std::lock_guard lock(mutex);
                spare.push_back(std::move(block));
                emptied.notify_one();
            }
            counts[index] = own;
        });
    Blocks blocks(path);
    for (bool more = true; more;) {
        Block block;
        {
            std::unique_lock lock(mutex);
            emptied.wait(lock, [&] { return !spare.empty(); });
            block = std::move(spare.front());
            spare.pop_front();
        }
        more = blocks.next(block);
        std::lock_guard lock(mutex);
        if (more) waiting.push_back(std::move(block)), filled.notify_one();
        else ended = true, filled.notify_all();
    }
    for (auto &thread : threads) thread.join();
    Counts sum;
    for (auto &one : counts) sum.lines += one.lines, sum.bad += one.bad, sum.bytes += one.bytes;
    return sum;
}

static Counts parseMany(std::vector<std::string> paths, unsigned cores) {
    auto size = [](const std::string &path) {
        struct stat facts;
        return stat(path.c_str(), &facts) == 0 ? facts.st_size : 0;
    };
    std::sort(paths.begin(), paths.end(), [&](auto &one, auto &other) { return size(one) > size(other); });
    std::atomic<size_t> next{0};
    std::vector<Counts> counts(cores);
    std::vector<std::thread> threads;
    for (unsigned index = 0; index < cores; index++)
        threads.emplace_back([&, index] {
            Counts own;
            for (size_t place; (place = next++) < paths.size();) parseFile(paths[place], own, nullptr);
            counts[index] = own;
        });
    for (auto &thread : threads) thread.join();
    Counts sum;
    for (auto &one : counts) sum.lines += one.lines, sum.bad += one.bad, sum.bytes += one.bytes;
    return sum;
}

int main(int count, char **words) {
    std::vector<std::string> paths(words + 1, words + count);
    if (paths.size() == 2 && paths[0] == "--clean") {
        Counts counts;
        parseFile(paths[1], counts, stdout);
        return 0;
    }
    if (paths.empty()) fail("usage: parse_floor [--clean] FILE...");
    cpu_set_t set;
    unsigned cores = sched_getaffinity(0, sizeof set, &set) == 0 ? unsigned(CPU_COUNT(&set)) : 1;
    Counts counts = paths.size() == 1 ? parseSingle(paths[0], cores) : parseMany(paths, cores);
    std::printf("{\"lines\": %zu, \"bad\": %zu, \"bytes\": %zu}\n", counts.lines, counts.bad, counts.bytes);
}
