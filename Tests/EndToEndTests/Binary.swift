import Foundation
import Glibc
import Synchronization
import TestSupport

/// The real program, as its users start it.
enum Binary {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Beside the test bundle, where the same build put it, or what SOJOURN_PROGRAM names, such as a release build.
    static let path: String = {
        if let program = ProcessInfo.processInfo.environment["SOJOURN_PROGRAM"] { return URL(fileURLWithPath: program).path }
        return builtFolder.appendingPathComponent("sojourn").path
    }()

    /// Whether SOJOURN_PROGRAM names another program than the tests' own.
    static var isNamed: Bool { ProcessInfo.processInfo.environment["SOJOURN_PROGRAM"] != nil }

    /// Where the tests' build put its products.
    static var builtFolder: URL { URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent() }

    /// Runs to the end. A run that takes far too long is killed, and its status says so.
    static func run(
        _ arguments: String..., input: [UInt8] = [], in folder: String? = nil, environment: [String: String] = [:], limits: Limits? = nil
    ) throws -> Ended {
        try run(arguments, input: input, in: folder, environment: environment, limits: limits)
    }

    /// - Parameter asNobody: root may read everything, so where the tests run as root the program does not.
    static func run(
        _ arguments: [String], input: [UInt8] = [], in folder: String? = nil, environment: [String: String] = [:], asNobody: Bool = false,
        limits: Limits? = nil
    ) throws -> Ended {
        let running = try Running(arguments, in: folder, environment: environment, asNobody: asNobody, limits: limits)
        running.write(input)
        running.closeInput()
        return running.wait()
    }

    /// What the system lets a run have: of address space, and of processor time. Far more than it needs, and far less than the
    /// machine has: who passes them is out of bounds.
    struct Limits {
        var memoryMiB = 4096
        var seconds = 120

        fileprivate var commands: String { "ulimit -v \(memoryMiB << 10) && ulimit -t \(seconds) && " }
    }

    /// How a run ended.
    struct Ended {
        /// As a shell tells it: 128 + signal where a signal ended it.
        var status: Int32
        var output: String
        var errors: String
    }
}

/// The program while it runs. Its output goes to files, so that nobody must read it; its input is a pipe.
final class Running {
    let pid: pid_t
    private var input: Int32
    private let scratch: ScratchFolder
    private static let greatestSeconds = 240.0
    /// Between a pipe's making and its mark there is a moment in which no child may start.
    private static let spawning = Mutex(())

    /// - Parameters:
    ///   - environment: over that of the tests.
    ///   - output, errors: open files to use instead of files of its own.
    init(
        _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:], output: Int32? = nil, errors: Int32? = nil,
        asNobody: Bool = false, limits: Binary.Limits? = nil
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        scratch = try ScratchFolder()
        let (reading, writing) = try Self.pipe()
        input = writing
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, reading, 0)
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, scratch.path("out"), O_WRONLY | O_CREAT, 0o600)
        }
        if let errors {
            posix_spawn_file_actions_adddup2(&actions, errors, 2)
        } else {
            posix_spawn_file_actions_addopen(&actions, 2, scratch.path("err"), O_WRONLY | O_CREAT, 0o600)
        }
        // The test's own process ignores and blocks signals that a child would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        variables["TZ"] = environment["TZ"] ?? "UTC"
        // The shell goes to the folder and then becomes the program; the process is the same.
        let user = asNobody && geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        let words =
            ["/bin/sh", "-c", "\(limits?.commands ?? "")cd \"$0\" && exec \"$@\"", folder ?? "."] + user + [Binary.path] + arguments
        var argv = words.map { strdup($0) } + [nil]
        var envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var child: pid_t = 0
        let status = Self.spawning.withLock { _ in posix_spawn(&child, words[0], &actions, &attributes, &argv, &envp) }
        close(reading)
        pid = child
        guard status == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EIO, userInfo: ["path": Binary.path])
        }
    }

    deinit { closeInput() }

    /// Ends that no child inherits unasked: a pipe ends only when nobody holds its writing end.
    static func pipe() throws -> (reading: Int32, writing: Int32) {
        try spawning.withLock { _ in
            var ends: [Int32] = [0, 0]
            guard Glibc.pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (ends[0], ends[1])
        }
    }

    /// False when the program no longer reads.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// The whole lines of its output so far.
    var lines: [String] {
        let text = (try? Data(contentsOf: scratch.url.appendingPathComponent("out"))) ?? Data()
        return text.prefix((text.lastIndex(of: 10) ?? -1) + 1).split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Waits for output; a program that says nothing for far too long is killed.
    func wait(until isSaid: ([String]) -> Bool) {
        let start = Date()
        while !isSaid(lines) {
            if Date().timeIntervalSince(start) > Self.greatestSeconds { return send(SIGKILL) }
            usleep(2000)
        }
    }

    func send(_ signal: Int32) { kill(pid, signal) }

    func wait() -> Binary.Ended {
        let start = Date()
        var state: Int32 = 0
        while waitpid(pid, &state, WNOHANG) == 0 {
            if Date().timeIntervalSince(start) > Self.greatestSeconds { kill(pid, SIGKILL) }
            usleep(2000)
        }
        let signal = state & 0x7F
        func text(_ name: String) -> String {
            (try? Data(contentsOf: scratch.url.appendingPathComponent(name))).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return Binary.Ended(status: signal == 0 ? (state >> 8) & 0xFF : 128 + signal, output: text("out"), errors: text("err"))
    }
}
