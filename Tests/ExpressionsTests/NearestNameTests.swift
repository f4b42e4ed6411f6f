import Events
import Testing

@Suite struct NearestNameTests {
    private let names = ["touchpoint", "channel", "channel_kind", "action", "max_length", "gap", "id"]

    @Test(arguments: [
        ("touchpont", "touchpoint"), ("tuochpoint", "touchpoint"), ("TouchPoint", "touchpoint"), ("chanel", "channel"),
        ("channelkind", "channel_kind"),
        ("max-length", "max_length"), ("gab", "gap"), ("actoin", "action"),
    ])
    func near(_ written: String, _ meant: String) { #expect(NearestName.of(written, among: names) == meant) }

    @Test(arguments: ["", "x", "in", "frictions", "touch", "gab_gab", String(repeating: "touchpoint", count: 1000)])
    func notNear(_ written: String) { #expect(NearestName.of(written, among: names) == nil) }

    @Test func firstOfEquallyNear() { #expect(NearestName.of("stop", among: ["step", "shop"]) == "step") }
}
