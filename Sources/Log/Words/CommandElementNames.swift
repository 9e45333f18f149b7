import Verification

/// The elements of a command set that this program reads (PS3.7 annex E.1).
enum CommandElementNames {
  private static let names: [UInt16: String] = [
    CommandElement.groupLength: "Command Group Length",
    CommandElement.affectedSOPClassUID: "Affected SOP Class UID",
    CommandElement.commandField: "Command Field",
    CommandElement.messageID: "Message ID",
    CommandElement.commandDataSetType: "Command Data Set Type",
  ]

  /// `Message ID (0000,0110)`, or the tag alone when it is none of them.
  static func text(_ element: UInt16) -> String {
    let tag = "(0000,\(hex(element)))"
    return names[element].map { "\($0) \(tag)" } ?? "element \(tag)"
  }
}
