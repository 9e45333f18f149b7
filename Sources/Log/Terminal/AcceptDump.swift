import UpperLayer
import Verification

/// The lines in which pynetdicom shows an A-ASSOCIATE-AC that is sent.
struct AcceptDump {
  private(set) var lines = ["Accept Parameters:", DumpText.title("OUTGOING A-ASSOCIATE-AC PDU")]

  /// The lines of `accept`, the answer to `request`: whose abstract syntaxes an answer does not
  /// repeat.
  init(_ accept: borrowing AssociateAccept, to request: borrowing AssociateRequest) {
    do throws(Malformed) {
      lines += [
        "Our Implementation Class UID:      \(Implementation.classUID)",
        "Our Implementation Version Name:   \(Implementation.versionName)",
        "Application Context Name:    \(UIDNames.uid(try request.applicationContextName))",
        // Bytes 11 to 74 are the requestor's own, and mean nothing (PS3.8 §9.3.3).
        "Responding Application Name: resp. AE Title",
        "Our Max PDU Receive Size:    \(try accept.maximumLength)",
      ]
      try addContexts(accept, request)
    } catch {
      lines.append(error.text)
    }
    lines += [
      "Accepted Extended Negotiation: None",
      "Accepted Asynchronous Operations Window Negotiation: None",
      "User Identity Negotiation Response: None",
      DumpText.title("END A-ASSOCIATE-AC PDU"),
    ]
  }

  private mutating func addContexts(
    _ accept: borrowing AssociateAccept, _ request: borrowing AssociateRequest
  ) throws(Malformed) {
    var names: [UInt8: String] = [:]
    var contexts = request.contexts
    while let context = try contexts.next() {
      // Of two contexts with one ID the first counts.
      if names[context.id] != nil { continue }
      names[context.id] = UIDNames.name(of: try context.abstractSyntax)
    }
    var shown = ContextLines()
    var results = accept.results
    while let result = try results.next() {
      var lines = [
        "  Context ID:        \(result.id) (\(Self.text(ofResult: result.code)))",
        "    Abstract Syntax: =\(names[result.id] ?? "")",
      ]
      if result.code == 0 {
        lines += [
          "    Accepted SCP/SCU Role: Default",
          "    Accepted Transfer Syntax: =\(UIDNames.name(of: result.transferSyntax))",
        ]
      }
      shown.add(lines, for: result.id)
    }
    lines.append(shown.count == 0 ? "Presentation Contexts: None" : "Presentation Contexts:")
    lines += shown.sorted
  }

  /// The Result/Reason field in words (PS3.8 Table 9-18).
  private static func text(ofResult code: UInt8) -> String {
    switch code {
    case 0: "Accepted"
    case 3: "Rejected - Abstract Syntax Not Supported"
    default: "Rejected - Transfer Syntax Not Supported"
    }
  }
}
