import TestKit
import Verification

@testable import ConversationTests

/// A command set, shown as a table of its elements.
enum CommandSetTable {
  /// The requests of PS3.7 Table E.1-1, and two responses as examples.
  static let commands: [(name: String, field: UInt16)] = [
    ("C-ECHO-RQ", CommandField.echoRequest), ("C-STORE-RQ", 0x0001), ("C-GET-RQ", 0x0010),
    ("C-FIND-RQ", 0x0020), ("C-MOVE-RQ", 0x0021), ("N-EVENT-REPORT-RQ", 0x0100),
    ("N-GET-RQ", 0x0110), ("N-SET-RQ", 0x0120), ("N-ACTION-RQ", 0x0130), ("N-CREATE-RQ", 0x0140),
    ("N-DELETE-RQ", 0x0150), ("C-CANCEL-RQ", CommandField.cancelRequest),
    ("C-ECHO-RSP", CommandField.echoResponse),
    ("C-STORE-RSP, or any other response", 0x8001),
  ]

  /// Returns the table of a command set whose elements have at most 255 bytes each.
  static func text(of commandSet: [UInt8]) -> String {
    Markdown.table(
      ["tag", "name", "VR", "value"],
      elements(of: commandSet).map { element in
        let (name, representation) = names[element.element] ?? ("unknown", "UN")
        let tag = hexadecimal(element.element).dropLast()
        return ["(0000,\(tag))", name, representation, value(of: element)]
      })
  }

  private static let names: [UInt16: (name: String, representation: String)] = [
    0x0000: ("Command Group Length", "UL"), 0x0002: ("Affected SOP Class UID", "UI"),
    0x0100: ("Command Field", "US"), 0x0110: ("Message ID", "US"),
    0x0120: ("Message ID Being Responded To", "US"),
    0x0800: ("Command Data Set Type", "US"), 0x0900: ("Status", "US"),
  ]

  private static func elements(of bytes: [UInt8]) -> [(element: UInt16, value: [UInt8])] {
    var elements: [(element: UInt16, value: [UInt8])] = []
    var rest = bytes[...]
    while rest.count >= 8 {
      let header = Array(rest.prefix(8))
      let length = Int(header[4])
      elements.append(
        (UInt16(header[2]) | UInt16(header[3]) << 8, Array(rest.dropFirst(8).prefix(length))))
      rest = rest.dropFirst(8 + length)
    }
    return elements
  }

  private static func value(of element: (element: UInt16, value: [UInt8])) -> String {
    switch element.value.count {
    case 2:
      let value = UInt16(element.value[0]) | UInt16(element.value[1]) << 8
      if element.element == 0x0120, value == Trial.messageID { return "that of the C-ECHO-RQ" }
      let meanings: [UInt16: [UInt16: String]] = [
        0x0800: [0x0101: " (no data set)"], 0x0900: [0: " (Success)"],
      ]
      return hexadecimal(value) + (meanings[element.element]?[value] ?? "")
    case 4: return "\(element.value[0])"
    default: return String(decoding: element.value.filter { $0 != 0 }, as: UTF8.self)
    }
  }

  /// Returns a 16-bit number in the standard's notation: 0030H.
  static func hexadecimal(_ value: UInt16) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits + "H"
  }
}
