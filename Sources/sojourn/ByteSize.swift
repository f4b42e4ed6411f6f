/// Sizes as people write them: `512M`, `4G`, `2GiB`, `100000`. Powers of 1024.
enum ByteSize {
    static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let power: Int
        switch text.dropFirst(digits.count).uppercased() {
        case "", "B": power = 0
        case "K", "KB", "KIB": power = 10
        case "M", "MB", "MIB": power = 20
        case "G", "GB", "GIB": power = 30
        case "T", "TB", "TIB": power = 40
        default: return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << power)
        return overflow ? nil : bytes
    }
}
