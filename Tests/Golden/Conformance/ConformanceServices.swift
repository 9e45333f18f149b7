import Settings
import TestKit
import UpperLayer
import Verification

/// Chapter 5: the service, as the other side of an association sees it.
extension Conformance {
  static func services(_ document: inout MarkdownDocument) {
    document.section("5", "Service and interoperability description")
    document.section("5.1", "Mapping of services to application entities")
    document.table(
      "Services and application entities", ["service", "role", "application entity"],
      [
        ["Verification (C-ECHO)", "SCP", "Verification"],
        ["Verification (C-ECHO)", "SCU, by --probe", "Verification"],
      ])
    document.section("5.2", "DIMSE services")
    document.section("5.2.1", "Verification service")
    document.paragraph(
      """
      Standard conformance to the Verification SOP Class as an SCP, and by --probe as an SCU (PS3.4 \
      annex A). The acceptor answers each C-ECHO-RQ at once, in the order in which they come, on the presentation context on which \
      it came; the initiator sends one on each of its associations. The messages have exactly these \
      elements:
      """)
    let header = ["tag", "name", "VR", "value"]
    document.table("C-ECHO-RSP of the acceptor", header, rows(of: response))
    document.table("C-ECHO-RQ of the initiator", header, rows(of: InitiatorTrial.request))
    document.paragraph(
      """
      A Message ID may be used again. A C-ECHO-RQ is accepted in any split into fragments, PDVs \
      and P-DATA-TF PDUs, up to \(Association.maximumCommandLength) bytes of command set, and with \
      elements that it does not have to have; see 7.2.1.4.7. The initiator takes a C-ECHO-RSP in any \
      split and order as well; see 7.2.1.3.3.
      """)
    document.section("5.2.2", "Other DIMSE services")
    document.paragraph(
      """
      None is supported. Only Verification can be negotiated, and this is what is sent for a \
      command of another service on its presentation context, by the acceptor, and by the initiator \
      while it waits for the C-ECHO-RSP:
      """)
    document.table(
      "Answers to commands", ["command", "Command Field", "acceptor", "initiator"],
      commands.map { name, field in
        [
          name, hexadecimal(field), answer(toCommand: field),
          InitiatorTrial.answer(toCommand: field),
        ]
      })
    document.section("5.3", "DICOM Web Services")
    document.paragraph("Not supported.")
    document.section("5.4", "Media services and Real-Time Video services")
    document.paragraph("Not supported.")
    document.section("5.5", "Specific Character Sets")
    document.paragraph(
      """
      Not applicable to data sets, which there are none of. The configuration takes AE titles of 1 \
      to \(AETitle.size) characters from 20H to 7EH without the backslash, and not only spaces. \
      What others call themselves is compared as bytes and repeated as it came; in the log each \
      byte outside of 20H to 7EH is escaped.
      """)
  }

  /// The requests of PS3.7 Table E.1-1, and a response as an example.
  static let commands: [(name: String, field: UInt16)] = [
    ("C-ECHO-RQ", CommandField.echoRequest), ("C-STORE-RQ", 0x0001), ("C-GET-RQ", 0x0010),
    ("C-FIND-RQ", 0x0020), ("C-MOVE-RQ", 0x0021), ("N-EVENT-REPORT-RQ", 0x0100),
    ("N-GET-RQ", 0x0110), ("N-SET-RQ", 0x0120), ("N-ACTION-RQ", 0x0130), ("N-CREATE-RQ", 0x0140),
    ("N-DELETE-RQ", 0x0150), ("C-CANCEL-RQ", CommandField.cancelRequest),
    ("C-ECHO-RSP", CommandField.echoResponse),
    ("C-STORE-RSP, or any other response", 0x8001),
  ]

  /// What is answered to a command without a data set.
  static func answer(toCommand field: UInt16) -> String {
    let commandSet = Wire.commandSet(
      Wire.element(0x0002, Array(Wire.verification.utf8) + [0]),
      Wire.element(0x0100, Wire.le16(Int(field))), Wire.element(0x0110, Wire.le16(Trial.messageID)),
      Wire.element(0x0800, Wire.le16(0x0101)))
    let answer = Trial.answer(toCommandSet: commandSet)
    return answer == "P-DATA-TF" ? "C-ECHO-RSP, status \(status)" : answer
  }

  /// The Status of the response to a C-ECHO-RQ.
  static var status: String {
    elements(of: response).first { $0.element == 0x0900 }.map { value(of: $0) } ?? "none"
  }

  /// The elements of a command set.
  private static func rows(of commandSet: [UInt8]) -> [[String]] {
    elements(of: commandSet).map { element in
      let (name, representation) = names[element.element] ?? ("unknown", "UN")
      let tag = String(hexadecimal(element.element).dropLast())
      return ["(0000,\(tag))", name, representation, value(of: element)]
    }
  }

  private static var response: [UInt8] {
    Trial.commandSet(
      in: Trial.answer(to: Wire.associateRequest(), Wire.echoRequest(Trial.messageID)))
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
      let length = Int(header[4]) | Int(header[5]) << 8
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
      let meaning = [0x0800: " (no data set)", 0x0900: " (Success)"]
      let isUsual = value == (element.element == 0x0800 ? 0x0101 : 0)
      return hexadecimal(value) + (isUsual ? meaning[Int(element.element)] ?? "" : "")
    case 4: return "\(element.value[0])"
    default: return String(decoding: element.value.filter { $0 != 0 }, as: UTF8.self)
    }
  }

  /// A number of 16 bits as the standard writes it: 0030H.
  static func hexadecimal(_ value: UInt16) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.count) + digits + "H"
  }
}
