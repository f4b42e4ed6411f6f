import Foundation
import Testing

@testable import Definitions

/// What tells a state that its sums are another pipeline's: whatever changes a number, and nothing else.
@Suite struct PipelineFingerprintTests {
    private static let text = """
        version: 1
        name: p
        sources:
          - name: web
            input: a
            fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c, owner: o}, attributes: {owner: p.owner, version: p.v}}
        identity: {known: [customer], linking: [owner]}
        channels: {web: {owner: digital}, input: {kind: assisted}}
        journeys:
          - name: buy
            steps: [{name: end, match: 'touchpoint == "end"', owner: sales}]
        frictions:
          define:
            - name: twice
              owner: sales
              pattern: owner owner
              where: {owner: 'touchpoint == "a"'}
        checks: ['journeys.started > 0']

        """

    private func differences(_ old: String, _ new: String) throws -> [String] {
        #expect(Self.text.contains(old))
        let changed = try read(Self.text.replacingOccurrences(of: old, with: new)).fingerprint
        return changed.differences(from: try read(Self.text).fingerprint.text)
    }

    @Test(arguments: [
        ("ids: {customer: c, owner: o}", "ids: {customer: c, owner: x}", "sources"), ("owner: p.owner", "owner: p.other", "sources"),
        ("version: p.v", "version: p.w", "sources"), ("input: {kind: assisted}", "input: {kind: outbound}", "channels"),
        (#"where: {owner: 'touchpoint == "a"'}"#, #"where: {owner: 'touchpoint == "b"'}"#, "frictions"),
        ("pattern: owner owner\n", "pattern: owner owner\n      skip: to_last\n", "frictions"), ("name: buy", "name: sell", "journeys"),
        ("linking: [owner]", "linking: [owner], max_known: 3", "identity"),
        ("version: 1\n", "version: 1\ntimezone: Europe/Berlin\n", "timezone"),
        ("owner: digital", "owner: nobody", "channels"), ("owner: sales}", "owner: buyers}", "journeys"),
        ("version: 1\n", "version: 1\ndimensions: [{name: tp, field: touchpoint}]\n", "dimensions"),
        ("version: 1\n", "version: 1\ncontacts: {handover: 5m}\n", "contacts"),
        ("version: 1\n", "version: 1\nprivacy: {min_count: 5}\n", "privacy min_count"),
    ])
    func whatChangesNumbers(_ old: String, _ new: String, _ section: String) throws {
        #expect(try differences(old, new).contains(section))
    }

    @Test(arguments: [
        ("name: p\n", "name: q\n"), ("input: a\n", "input: [b, c]\n"),
        ("owner: sales\n", "owner: nobody\n"), ("> 0", "> 1"), ("version: 1\n", "version: 1\nretention: 30d\n"),
        ("version: 1\n", "# a remark\nversion:   1\n"),
    ])
    func whatChangesNone(_ old: String, _ new: String) throws { #expect(try differences(old, new) == []) }
}
