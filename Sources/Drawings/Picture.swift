/// A picture as SVG that stands in a page: as wide as there is room, with places across in percent and heights in pixels, so that
/// its text keeps the page's size at every width. It knows nothing of what it shows.
///
/// Colours are classes, which the page's style gives: `n` neutral, `l` loss, `m` muted, `h` hatched, `a` lanes; `t` and `s` are texts and small
/// texts, `w` whiskers, `g` grid lines. The page has to hold `Picture.patterns` once.
public struct Picture: Sendable, Equatable {
    /// What it is, in a few words, and what it shows, in a sentence.
    public var title: String
    public var description: String
    /// In pixels.
    public private(set) var height = 0
    private var elements = ""

    public init(title: String, description: String) { (self.title, self.description) = (title, description) }

    /// How something is filled.
    public enum Fill: String, Sendable, Equatable { case neutral = "n", loss = "l", muted = "m", hatched = "h", lane = "a" }

    /// What hatched areas refer to.
    public static let patterns = """
        <svg width="0" height="0" class="patterns" aria-hidden="true" focusable="false"><defs>\
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
        <rect width="6" height="6" class="hm"/><rect width="2" height="6" class="n"/></pattern></defs></svg>
        """

    /// - Parameter id: another one for each picture of a page.
    public func svg(id: String) -> String {
        """
        <svg role="img" width="100%" height="\(height)" aria-labelledby="\(id)-t \(id)-d" focusable="false">\
        <title id="\(id)-t">\(Self.escaped(title))</title><desc id="\(id)-d">\(Self.escaped(description))</desc>\(elements)</svg>
        """
    }

    // MARK: Elements

    enum Anchor: String { case start, middle, end }

    mutating func grow(to bottom: Int) { height = max(height, bottom) }

    /// - Parameters:
    ///   - x: in shares of the width, as is `width`; what is narrower than a hair is drawn as a hair.
    ///   - y: in pixels.
    mutating func rectangle(x: Double, y: Int, width: Double, height: Int, _ fill: Fill) {
        guard width > 0, height > 0 else { return }
        grow(to: y + height)
        elements += "<rect x=\"\(Self.percent(x))\" y=\"\(y)\" width=\"\(Self.percent(max(width, 0.002)))\" height=\"\(height)\" "
        elements += "class=\"\(fill.rawValue)\"/>"
    }

    mutating func line(x: Double, y: Int, toX: Double, toY: Int, _ name: String) {
        grow(to: max(y, toY) + 1)
        elements += "<line x1=\"\(Self.percent(x))\" y1=\"\(y)\" x2=\"\(Self.percent(toX))\" y2=\"\(toY)\" class=\"\(name)\"/>"
    }

    mutating func dot(x: Double, y: Int, radius: Int, _ fill: Fill) {
        grow(to: y + radius)
        elements += "<circle cx=\"\(Self.percent(x))\" cy=\"\(y)\" r=\"\(radius)\" class=\"\(fill.rawValue)\"/>"
    }

    /// - Parameters:
    ///   - y: of the line that letters stand on.
    ///   - shift: so many pixels to the right of `x`.
    mutating func text(_ text: String, x: Double, y: Int, _ anchor: Anchor = .start, isSmall: Bool = false, shift: Int = 0) {
        grow(to: y + 5)
        elements +=
            "<text x=\"\(Self.percent(x))\" y=\"\(y)\"\(shift == 0 ? "" : " dx=\"\(shift)\"") text-anchor=\"\(anchor.rawValue)\" class=\"\(isSmall ? "s" : "t")\">"
        elements += "\(Self.escaped(text))</text>"
    }

    // MARK: Texts

    /// Where a page is 320 pixels wide, a picture has so many.
    static let narrowest = 288.0

    /// About how many pixels a small text takes, rather too many than too few.
    static func smallWidth(_ text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 6.8 : $1.value < 0x2000 ? 8 : 13) }
    }

    /// Pieces with a dot between them, in as few lines as they fit into where a picture is narrowest.
    static func smallLines(_ pieces: [String]) -> [String] {
        var lines: [String] = []
        for piece in pieces {
            if let last = lines.last, smallWidth(last + " · " + piece) <= narrowest {
                lines[lines.count - 1] = last + " · " + piece
            } else {
                lines.append(piece)
            }
        }
        return lines
    }

    /// A share of the width as `12.34%`, from 0 to 100.
    static func percent(_ share: Double) -> String {
        let hundredths = share.isFinite ? Int((min(max(share, 0), 1) * 10_000).rounded()) : 0
        let rest = hundredths % 100
        return rest == 0 ? "\(hundredths / 100)%" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }

    /// As XML demands; control characters, which it does not allow, become a replacement.
    public static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n", "\r": escaped += " "
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value & 0xFFFE == 0xFFFE: escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// So many characters at the most, the last one an ellipsis where something is left out.
    public static func shortened(_ text: String, to count: Int) -> String {
        text.count <= count ? text : text.prefix(max(0, count - 1)) + "…"
    }
}
