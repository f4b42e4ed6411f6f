extension MetricCells {
    /// Everybody who has the friction in a journey of the type, in no order; numbers are those of the pipeline.
    public func persons(withFriction friction: Int, inType type: Int) -> [UInt32] {
        frictionPersons.persons[.init(type: UInt32(type), friction: UInt32(friction))] ?? []
    }

    /// What the log lacks to measure the friction in journeys of the type, in words; empty where it can be measured.
    public func missing(forFriction friction: Int, inType type: Int, names: TableNames) -> [String] {
        MetNeeds(needs).missing(names.frictions[friction], type: type)
    }
}
