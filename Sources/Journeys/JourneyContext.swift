package import Events

/// One journey, as a walk meets it.
package struct JourneyContext: BitwiseCopyable {
    /// Number of its type in the pipeline.
    package let type: Int
    /// Indices of the person's events, ascending; at least one.
    package let events: SlotRange<Int32>
    package let status: JourneyStatus
    /// The day it started.
    package let day: Int32
    /// Number of the person, not 0.
    package internal(set) var owner: UInt32
    /// Whether it is as old at as-of as its type's horizon.
    package internal(set) var isMature: Bool
    /// At its goal within the horizon of its start.
    let isInTime: Bool
    /// Mature, and at its goal within the horizon.
    package var hasConverted: Bool { isMature && isInTime }
    /// Symbol of the segment that it is counted under; 0: all journeys of the type.
    package var slice: UInt32 = 0
    /// Number of the journey among this worker's, not 0.
    package internal(set) var journey: UInt32
}
