import UpperLayer
import Verification

/// The lines in which pynetdicom shows a received A-ASSOCIATE-RQ.
struct RequestDump {
  private(set) var lines = ["Request Parameters:", DumpText.title("INCOMING A-ASSOCIATE-RQ PDU")]
  /// The proposed roles, by the UID of the SOP class.
  private var roles: [String: String] = [:]
  private var extended: [String] = []
  private var commonExtended: [String] = []
  private var asynchronous: [String] = []
  private var userIdentity: [String] = []

  /// The lines of `request`.
  init(_ request: borrowing AssociateRequest) {
    do throws(Malformed) {
      addIdentity(request, UIDNames.uid(try request.applicationContextName))
      var items = try request.negotiationItems
      while let item = try items.next() { add(item) }
      try addContexts(request)
    } catch {
      lines.append(error.text)
    }
    addGroup("Requested Extended Negotiation:", extended)
    addGroup("Requested Common Extended Negotiation:", commonExtended)
    addGroup("Requested Asynchronous Operations Window Negotiation:", asynchronous)
    addGroup("Requested User Identity Negotiation:", userIdentity)
    lines.append(DumpText.title("END A-ASSOCIATE-RQ PDU"))
  }

  private mutating func addIdentity(
    _ request: borrowing AssociateRequest, _ applicationContext: String
  ) {
    let information = request.userInformation
    let maximumLength = information.hasMaximumLength ? "\(information.maximumLength)" : "None"
    let classUID = UIDNames.uid(request.implementationClassUID)
    let version = Escaping.ascii(request.implementationVersionName)
    lines += [
      "Their Implementation Class UID:      \(classUID.isEmpty ? "unknown" : classUID)",
      "Their Implementation Version Name:   \(version.isEmpty ? "unknown" : version)",
      "Application Context Name:    \(applicationContext.isEmpty ? "None" : applicationContext)",
      "Calling Application Name:    \(request.callingAETitle.text)",
      "Called Application Name:     \(request.calledAETitle.text)",
      "Their Max PDU Receive Size:  \(maximumLength)",
    ]
  }

  private mutating func addContexts(_ request: borrowing AssociateRequest) throws(Malformed) {
    var shown = ContextLines()
    var contexts = request.contexts
    while let context = try contexts.next() {
      if shown.hasRoom { shown.add(try linesOf(context), for: context.id) }
    }
    let count = request.contextCount
    lines.append(count == 1 ? "Presentation Context:" : "Presentation Contexts:")
    lines += shown.sorted
    if count > shown.count { lines.append("  (\(count - shown.count) more)") }
  }

  private func linesOf(_ context: borrowing ProposedContext) throws(Malformed) -> [String] {
    let abstractSyntax = try context.abstractSyntax
    var proposed: [String] = []
    var syntaxes = context.transferSyntaxes
    while proposed.count < ContextLines.most, let syntax = try syntaxes.next() {
      proposed.append("      =\(UIDNames.name(of: syntax))")
    }
    let role = roles[UIDNames.uid(abstractSyntax)] ?? "Default"
    return [
      "  Context ID:        \(context.id) (Proposed)",
      "    Abstract Syntax: =\(UIDNames.name(of: abstractSyntax))",
      "    Proposed SCP/SCU Role: \(role)",
      "    Proposed Transfer Syntax\(proposed.count == 1 ? "" : "es"):",
    ] + proposed
  }

  /// Appends `heading` and the lines of `group`, or "None" if it is empty.
  private mutating func addGroup(_ heading: String, _ group: [String]) {
    lines.append(group.isEmpty ? "\(heading) None" : heading)
    lines += group
  }

  private mutating func add(_ item: borrowing NegotiationItem) {
    switch item {
    case .asynchronousOperationsWindow(let invoked, let performed):
      asynchronous = [
        "  Maximum Invoked Operations:     \(invoked)",
        "  Maximum Performed Operations:   \(performed)",
      ]
    case .roleSelection(let sopClassUID, let scuRole, let scpRole):
      roles[UIDNames.uid(sopClassUID)] =
        [scpRole != 0 ? "SCP" : nil, scuRole != 0 ? "SCU" : nil].compactMap { $0 }
        .joined(separator: "/")
    case .sopClassExtendedNegotiation(let sopClassUID, let information):
      extended.append("  SOP Class: =\(UIDNames.uid(sopClassUID))")
      extended += Self.hexadecimalLines(information)
    case .sopClassCommonExtendedNegotiation(let sopClassUID, let serviceClassUID, var related):
      commonExtended += [
        "  SOP Class: =\(UIDNames.name(of: sopClassUID))",
        "    Service Class: =\(UIDNames.name(of: serviceClassUID))",
      ]
      var general: [String] = []
      while let uid = related.next() { general.append("      =\(UIDNames.name(of: uid))") }
      commonExtended.append(
        general.isEmpty
          ? "    Related General SOP Classes: None" : "    Related General SOP Class(es):")
      commonExtended += general
    case .userIdentity(let type, let responseRequested, let primary, _):
      // A second user identity, which the standard forbids, is ignored.
      guard userIdentity.isEmpty else { return }
      userIdentity = Self.userIdentity(type, responseRequested != 0, primary)
    }
  }

  /// The lines of a user identity (PS3.7 annex D.3.3.7), without its credentials.
  private static func userIdentity(
    _ type: UInt8, _ isResponseRequested: Bool, _ primary: Span<UInt8>
  ) -> [String] {
    let length = primary.count
    let (mode, fields) =
      switch type {
      case 1: ("Username", ["Username: [\(Escaping.utf8(primary))]"])
      case 2:
        ("Username/Password", ["Username: [\(Escaping.utf8(primary))]", "Password: (not dumped)"])
      case 3: ("Kerberos", ["Kerberos Service Ticket (not dumped) length: \(length)"])
      case 4: ("SAML", ["SAML Assertion (not dumped) length: \(length)"])
      case 5: ("JSON Web Token", ["JSON Web Token (not dumped) length: \(length)"])
      default: ("(no value available)", [])
      }
    return ["  Authentication Mode: \(type) - \(mode)"] + fields.map { "  \($0)" }
      + ["  Positive Response Requested: \(isResponseRequested ? "Yes" : "None")"]
  }

  /// The most that is shown of a SOP class's extended negotiation information, in bytes.
  private static let longestInformation = 512

  /// Returns the lines of a hex dump with sixteen bytes each.
  private static func hexadecimalLines(_ bytes: Span<UInt8>) -> [String] {
    var lines: [String] = []
    if bytes.count > longestInformation {
      lines.append("    Only dumping \(longestInformation) bytes.")
    }
    for start in stride(from: 0, to: min(bytes.count, longestInformation), by: 16) {
      let line = (start..<min(start + 16, bytes.count)).map { Escaping.hexadecimal(bytes[$0]) }
      lines.append("    \(line.joined(separator: "  "))")
    }
    return lines
  }
}

/// The lines in which pynetdicom shows a sent A-ASSOCIATE-AC.
struct AcceptDump {
  private(set) var lines = ["Accept Parameters:", DumpText.title("OUTGOING A-ASSOCIATE-AC PDU")]

  /// The lines of `accept`, the answer to `request`, which has the abstract syntaxes that the answer does not
  /// repeat.
  init(_ accept: borrowing AssociateAccept, to request: borrowing AssociateRequest) {
    do throws(Malformed) {
      lines += [
        "Our Implementation Class UID:      \(Implementation.classUID)",
        "Our Implementation Version Name:   \(Implementation.versionName)",
        "Application Context Name:    \(UIDNames.uid(try request.applicationContextName))",
        // Bytes 11 to 74 repeat the request and have no meaning here (PS3.8 §9.3.3).
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
      // Of two contexts with the same ID, the first counts.
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

/// The lines of presentation contexts, in the order of their IDs.
struct ContextLines {
  /// The largest number of contexts, and of transfer syntaxes of one, that is shown: twice the number of valid
  /// context IDs.
  static let most = 256

  private var lines = [[String]](repeating: [], count: 256)
  /// The number of contexts added.
  private(set) var count = 0

  /// Whether another context may be added.
  var hasRoom: Bool { count < Self.most }

  /// Adds the lines of the context `id`.
  mutating func add(_ new: [String], for id: UInt8) {
    lines[Int(id)] += new
    count += 1
  }

  /// All lines by context ID; those of contexts with the same ID in the order in which they were added.
  var sorted: [String] { lines.flatMap { $0 } }
}
