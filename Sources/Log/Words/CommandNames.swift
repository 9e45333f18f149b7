/// The DIMSE commands (PS3.7 annex E.1).
enum CommandNames {
  private static let names: [UInt16: String] = [
    0x0001: "C-STORE", 0x0010: "C-GET", 0x0020: "C-FIND", 0x0021: "C-MOVE", 0x0030: "C-ECHO",
    0x0100: "N-EVENT-REPORT", 0x0110: "N-GET", 0x0120: "N-SET", 0x0130: "N-ACTION",
    0x0140: "N-CREATE", 0x0150: "N-DELETE",
  ]

  /// `C-STORE-RQ (0001H)`, or the number alone when it is none of the standard's.
  static func text(_ command: UInt16) -> String {
    let number = "\(hex(command))H"
    guard let name = names[command & 0x7FFF] else { return "command \(number)" }
    return "\(name)-\(command & 0x8000 == 0 ? "RQ" : "RSP") (\(number))"
  }
}
