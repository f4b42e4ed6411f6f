/// Objects that outlive every use of this list, called without a reference count. Two workers that count references to one
/// object wait for each other's memory at every count; where that happens for each person or journey, it costs more than the call.
///
/// Unsafe code: the references are unowned; `objects` holds them as long as this list lives. A body must not keep what it gets.
public struct HeldObjects<Object: AnyObject>: ~Copyable {
    public let objects: [Object]
    @usableFromInline let unowned: Slots<Unmanaged<Object>>

    public init(_ objects: [Object]) {
        self.objects = objects
        unowned = Slots(objects.map { .passUnretained($0) })
    }

    deinit { unowned.release() }

    @inlinable public var count: Int { unowned.count }
    @inlinable public var isEmpty: Bool { unowned.count == 0 }
    @inlinable public var indices: Range<Int> { 0..<unowned.count }

    @inlinable @inline(__always)
    public func with<Result>(_ place: Int, _ body: (Object) -> Result) -> Result {
        unowned[place]._withUnsafeGuaranteedRef { body($0) }
    }
}
