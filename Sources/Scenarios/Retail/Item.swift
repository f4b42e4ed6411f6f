/// What the shop sells. Numbers begin at 1; 0 stands for no item.
enum Item {
    static func drawn(_ random: inout Randoms) -> UInt8 {
        // The smaller of two draws: the first of the list sell best.
        UInt8(1 + min(random.index(all.count), random.index(all.count)))
    }

    static func another(than item: UInt8, _ random: inout Randoms) -> UInt8 {
        UInt8((Int(item) + random.index(all.count - 1)) % all.count + 1)
    }

    /// Price in hundredths.
    static func cents(_ item: UInt8) -> UInt32 { all[Int(item) - 1].cents }
    /// As it stands inside a JSON string, escapes included.
    static func title(_ item: UInt8) -> StaticString { all[Int(item) - 1].title }

    private static let all: [(cents: UInt32, title: StaticString)] = [
        (3990, "Teekanne \\\"Mouette\\\" 1,2 l"), (12900, "Wollpullover „Fjäll“"), (8950, "Sac à dos étanche 24 L"),
        (2490, "Trinkflasche 0,75 l \\/ matt"), (5990, "Espadrilles Añil"), (19900, "Regenjacke Küste"),
        (1290, "Socken Größe 39–42"), (34900, "Zelt \\u201eNordlicht\\u201c 2P"), (7490, "Chemise en lin crème"),
        (4590, "Mütze Łódź"), (15900, "Wanderschuh Höhenweg"), (2990, "Carnet pointillé A5"),
        (999, "Seife Zitrone\\/Olive"), (6490, "Lámpara de mesa"), (27900, "Koffer 65 cm \\\"Øresund\\\""),
        (3490, "Handtuch 70×140"), (8990, "Pfanne ø 28 cm"), (1890, "Kerze Blåbær"),
        (22900, "Mantel Größe M"), (4290, "Schal Çeşme"), (5490, "Gilet zippé"),
        (1590, "Poster 50×70 \\u2013 Mer"), (11900, "Decke Älg"), (9990, "Rucksack „Täglich“ 18 l"),
    ]
}
