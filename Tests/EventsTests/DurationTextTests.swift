import Events
import Testing

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("30m", 1_800_000_000), ("1h30m", 5_400_000_000), ("90s", 90_000_000), ("250ms", 250_000), ("14d", 1_209_600_000_000),
            ("2w", 1_209_600_000_000), ("1.5h", 5_400_000_000), ("0s", 0), ("7us", 7), ("7µs", 7), ("1m1ms", 60_001_000),
            ("0.000001s", 1), ("0.0000019s", 1), ("0.0000009s", 0), ("0.3333333333333333333333d", 28_800_000_000 - 1), ("0.5us", 0),
            ("36500d", 3_153_600_000_000_000), ("5214w2d", 3_153_600_000_000_000), ("1s1s", 2_000_000),
        ] as [(String, Microseconds)])
    func reads(_ text: String, _ length: Microseconds) {
        #expect(DurationText.parse(text) == length)
    }

    @Test(
        arguments: [
            "", "30", "m", "1.h", ".5h", "1 h", " 1h", "1h ", "-1h", "1h30", "1H", "1y", "1e3s", "1.5.5s", "36500d1us", "5214w3d", "１h",
            "1min",
            "999999999999999w", "1000000000000000us",
            // Just below what 64 bits hold, with a part that would go beyond: refused, not a trap.
            "9223372036854.999999s", "1w9223372036854s", "9223372036854775ms999999ms", "153722867280912.9m",
        ])
    func refuses(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
