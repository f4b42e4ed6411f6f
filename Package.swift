// swift-tools-version: 6.1
import PackageDescription

// The targets, in the order data meets them. Imports point one way only:
// a target may name those above it, never one below.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    // Run-time checks for overlapping access cost a call at every stored property of a class, 15 % of a run. The
    // compiler's own checks stay, and debug builds, which the tests use, keep the run-time checks too.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

// Optimised in debug builds too: what is not takes most of the time of its tests. Every check stays: `-assert-config Debug` keeps
// `assert` and the bounds of unsafe buffers, which `-O` alone would drop; preconditions, overflow and overlapping access stay anyway.
// The tests themselves are compiled as ever: to optimise 30,000 lines takes longer than they run.
let optimised = strict + [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

func systemLibrary(_ name: String, _ pkgConfig: String, _ debian: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

let package = Package(
    name: "sojourn",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sojourn", targets: ["sojourn"]),
        // Loaded into the program by tests of crashes and full disks; nobody else needs it.
        .library(name: "FaultShim", type: .dynamic, targets: ["FaultShim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        systemLibrary("CZstd", "libzstd", "libzstd-dev"),
        systemLibrary("CZlib", "zlib", "zlib1g-dev"),
        systemLibrary("CYAML", "yaml-0.1", "libyaml-dev"),
        systemLibrary("CCrypto", "libcrypto", "libssl-dev"),
        systemLibrary("CSQLite", "sqlite3", "libsqlite3-dev"),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "CScan"),
        .target(name: "CPageCheck", dependencies: ["CSQLite"]),

        .target(name: "Events", dependencies: ["CScan"], swiftSettings: optimised),
        .target(name: "Expressions", dependencies: ["Events", "CRE2"], swiftSettings: optimised),
        .target(name: "Digests", dependencies: ["CCrypto"], swiftSettings: optimised),
        .target(name: "Disk", dependencies: ["Digests", "CSQLite", "CPageCheck"], swiftSettings: optimised),
        .target(
            name: "Ingest", dependencies: ["Events", "Expressions", "Digests", "Disk", "CZstd", "CZlib", "CScan"], swiftSettings: optimised),
        .target(name: "Identity", dependencies: ["Events", "Ingest"], swiftSettings: optimised),
        .target(name: "Journeys", dependencies: ["Events", "Expressions"], swiftSettings: optimised),
        .target(name: "Tables", dependencies: ["Events", "Journeys"], swiftSettings: optimised),
        .target(
            name: "States", dependencies: ["Events", "Expressions", "Disk", "Ingest", "Identity", "Tables", "CZstd"],
            swiftSettings: optimised),
        .target(name: "Reports", dependencies: ["Disk", "Tables"], swiftSettings: optimised),
        .target(name: "Drawings", swiftSettings: optimised),
        .target(
            name: "Pages",
            dependencies: ["Events", "Disk", "Tables", "Reports", "Drawings", .product(name: "Mustache", package: "swift-mustache")],
            resources: [
                .embedInCode("Templates/report.mustache"), .embedInCode("Templates/comparison.mustache"),
                .embedInCode("Templates/table.mustache"), .embedInCode("Templates/style.css"),
            ], swiftSettings: optimised),
        .target(name: "Comparisons", dependencies: ["Events", "Disk", "Tables", "Reports", "Drawings", "Pages"], swiftSettings: optimised),
        .target(
            name: "Definitions",
            dependencies: ["Events", "Expressions", "Digests", "Disk", "Ingest", "Identity", "Tables", "Journeys", "Reports", "CYAML"],
            resources: [.embedInCode("Frictions/standard.yaml")], swiftSettings: optimised),
        .target(
            name: "Runs",
            dependencies: [
                "Events", "Expressions", "Digests", "Disk", "Ingest", "Identity", "Tables", "Journeys", "States", "Reports", "Pages",
                "Definitions",
            ], swiftSettings: optimised),
        .target(
            name: "Timelines", dependencies: ["Events", "Expressions", "Ingest", "Identity", "Tables", "Journeys", "Definitions", "Runs"],
            swiftSettings: optimised),
        .target(
            name: "Drafts", dependencies: ["Events", "Disk", "Ingest", "Tables", "Definitions"],
            // Links to the pipelines for export formats, so that what these say stands once.
            resources: [
                .embedInCode("Formats/amplitude.yaml"), .embedInCode("Formats/cloudevents.yaml"), .embedInCode("Formats/connect.yaml"),
                .embedInCode("Formats/ga4.yaml"), .embedInCode("Formats/genesys.yaml"), .embedInCode("Formats/matomo.yaml"),
                .embedInCode("Formats/mixpanel.yaml"), .embedInCode("Formats/posthog.yaml"), .embedInCode("Formats/segment.yaml"),
                .embedInCode("Formats/snowplow.yaml"), .embedInCode("Formats/xes.yaml"), .embedInCode("Formats/zendesk.yaml"),
            ], swiftSettings: optimised),
        .target(name: "Scenarios", dependencies: ["Reports", "CZstd", "CZlib"], swiftSettings: optimised),
        .executableTarget(
            name: "sojourn",
            dependencies: [
                "Disk", "Events", "Ingest", "Tables", "Reports", "Pages", "Comparisons", "Definitions", "Runs", "Timelines", "Drafts",
                "Scenarios",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: optimised,
            // That of the toolchain. The usual one warns of a function that Swift's own library has, where that is linked statically.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"], .when(configuration: .release))]),

        .target(
            name: "TestSupport", dependencies: ["CSQLite", "CZlib", "CZstd"], path: "Tests/TestSupport", swiftSettings: optimised),
        .target(name: "RunSupport", dependencies: ["Ingest", "Runs"], path: "Tests/RunSupport", swiftSettings: strict),
        .target(name: "FaultShim", path: "Tests/FaultShim"),
        .testTarget(name: "EventsTests", dependencies: ["Events", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "ExpressionsTests", dependencies: ["Events", "Expressions", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"], swiftSettings: strict),
        .testTarget(name: "DiskTests", dependencies: ["Disk", "CSQLite", "CPageCheck", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "IngestTests", dependencies: ["Digests", "Disk", "Events", "Ingest", "TestSupport", "CZstd", "CZlib"],
            swiftSettings: strict),
        .testTarget(name: "IdentityTests", dependencies: ["Events", "Identity", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "JourneysTests", dependencies: ["Events", "Expressions", "Journeys", "Tables", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TablesTests", dependencies: ["Events", "Tables", "TestSupport"], exclude: ["statistics.json"], swiftSettings: strict),
        .testTarget(
            name: "ReportsTests", dependencies: ["Disk", "Reports", "Tables", "CSQLite", "TestSupport"], swiftSettings: strict
        ),
        .testTarget(name: "DrawingsTests", dependencies: ["Drawings"], swiftSettings: strict),
        .testTarget(name: "PagesTests", dependencies: ["Pages", "Tables", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ComparisonsTests", dependencies: ["Comparisons", "Disk", "Pages", "Reports", "Tables", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "DefinitionsTests",
            dependencies: ["Definitions", "Events", "Expressions", "Identity", "Ingest", "Journeys", "Reports", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "RunsTests",
            dependencies: [
                "Definitions", "Events", "Expressions", "Identity", "Ingest", "Journeys", "RunSupport", "Runs", "Scenarios", "Tables",
                "TestSupport",
            ], swiftSettings: strict),
        .testTarget(name: "EffectsTests", dependencies: ["RunSupport", "Scenarios", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "StatesTests", dependencies: ["Disk", "Events", "Ingest", "RunSupport", "Runs", "States", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TimelinesTests",
            dependencies: ["Definitions", "Events", "Ingest", "Journeys", "Runs", "Tables", "TestSupport", "Timelines"],
            swiftSettings: strict),
        .testTarget(
            name: "DraftsTests", dependencies: ["Definitions", "Drafts", "Events", "Ingest", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "ScenariosTests", dependencies: ["Scenarios", "TestSupport", "CZstd", "CZlib"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["CPageCheck", "CSQLite", "States", "TestSupport"],
            exclude: ["Golden", "Browser/look.py"],
            swiftSettings: strict),
        .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
