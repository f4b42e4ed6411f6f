import Glibc
import Synchronization

/// A named moment at which a crash must leave everything whole. A test names one with `SOJOURN_CRASH_AT=NAME:N`, and the
/// process kills itself when it gets there for the N-th time; `SOJOURN_CRASH_LIST=FILE` only notes the names, one a line.
/// Release builds know nothing of either.
package enum CrashPoint {
    @inline(__always)
    package static func reach(_ name: StaticString) {
        #if DEBUG
            Armed.shared.reach(name)
        #endif
    }

    #if DEBUG
        private final class Armed: Sendable {
            static let shared = Armed()
            private let name: String
            private let rest: Mutex<Int>
            private let list: Int32

            private init() {
                let parts = (getenv("SOJOURN_CRASH_AT").map { String(cString: $0) } ?? "").split(separator: ":")
                name = parts.first.map(String.init) ?? ""
                rest = Mutex(parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
                list = getenv("SOJOURN_CRASH_LIST").map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) } ?? -1
            }

            func reach(_ point: StaticString) {
                if list >= 0 {
                    let line = Array("\(point)\n".utf8)
                    _ = write(list, line, line.count)
                }
                guard !name.isEmpty, name == "\(point)" else { return }
                let isNow = rest.withLock { rest in
                    rest -= 1
                    return rest == 0
                }
                if isNow { kill(getpid(), SIGKILL) }
            }
        }
    #endif
}
