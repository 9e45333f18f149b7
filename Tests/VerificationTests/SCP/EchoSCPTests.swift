import TestKit
import Testing
import UpperLayer
import Verification

/// The decisions of a Verification SCP: which requests to reject, what to note, which contexts to
/// accept, and what to report to its host.
@Suite struct EchoSCPTests {
  static func scp(
    requiresCalledAETitle: Bool = false, callingAETitles: [AETitlePattern] = [],
    preference: TransferSyntaxPreference = .none
  ) -> EchoSCP<Recorder> {
    EchoSCP(
      aeTitle: .named("ECHOSCP"), requiresCalledAETitle: requiresCalledAETitle,
      callingAETitles: callingAETitles, preference: preference, maximumLength: 16382)
  }

  static func decision(
    _ pdu: [UInt8], _ scp: EchoSCP<Recorder>, host: Recorder = Recorder()
  ) throws -> (rejection: Rejection?, notes: Notes) {
    let request = try AssociateRequest(pdu.span.extracting(droppingFirst: 6))
    var host = host
    return (scp.rejection(of: request, host: &host), scp.notes(on: request))
  }

  static func request(called: String) -> [UInt8] {
    Wire.associateRequest(fixed: Wire.fixedFields(called: Wire.title(called)))
  }

  @Test(arguments: [
    ("ECHOSCP", true), (" ECHOSCP", true), ("ECHOSCP\0", true), ("echoscp", false),
    ("ECHOSCP2", false), ("ECHOSC", false), ("ECHO SCP", false), ("", false), ("\0", false),
  ]) func calledAETitle(_ called: String, isOurs: Bool) throws {
    let strict = try Self.decision(
      Self.request(called: called), Self.scp(requiresCalledAETitle: true))
    #expect(strict.rejection == (isOurs ? nil : .calledAETitle))
    let lax = try Self.decision(Self.request(called: called), Self.scp())
    #expect(lax.rejection == nil)
    #expect(lax.notes == (isOurs ? [] : .calledAETitleDiffers))
  }

  @Test(arguments: [
    "", "1.2.840.10008.3.1.1.2", "1.2.840.10008.3.1.1", "1.2.840.10008.3.1.1.1.1", "1.2.3", "DICOM",
  ]) func applicationContext(_ name: String) throws {
    let request = Wire.associateRequest(
      fixed: Wire.fixedFields(called: Wire.title("OTHER")),
      application: Wire.applicationContext(name))
    let decision = try Self.decision(request, Self.scp(requiresCalledAETitle: true))
    #expect(decision.rejection == .applicationContext)
  }

  @Test func applicationContextIsMissingOrPadded() throws {
    let missing = try Self.decision(Wire.associateRequest(application: []), Self.scp())
    #expect(missing.rejection == .applicationContext)
    let padded = Wire.applicationContext("1.2.840.10008.3.1.1.1\0")
    let decision = try Self.decision(Wire.associateRequest(application: padded), Self.scp())
    #expect(decision.rejection == nil)
  }

  /// Whether the application context, the called and the calling AE title are acceptable, and the
  /// rejection for the first one that is not.
  @Test(
    arguments: [
      (true, true, true, nil), (true, true, false, .callingAETitle),
      (true, false, true, .calledAETitle), (true, false, false, .calledAETitle),
      (false, true, true, .applicationContext), (false, true, false, .applicationContext),
      (false, false, true, .applicationContext), (false, false, false, .applicationContext),
    ] as [(Bool, Bool, Bool, Rejection?)])
  func orderOfRejections(
    _ context: Bool, _ called: Bool, _ calling: Bool, _ rejection: Rejection?
  ) throws {
    let request = Wire.associateRequest(
      fixed: Wire.fixedFields(
        called: Wire.title(called ? "ECHOSCP" : "OTHER"),
        calling: Wire.title(calling ? "CT1" : "MR1")),
      application: context ? Wire.applicationContext() : Wire.applicationContext("1.2.3"))
    let patterns = [try #require(AETitlePattern("CT*"))]
    let strict = Self.scp(requiresCalledAETitle: true, callingAETitles: patterns)
    #expect(try Self.decision(request, strict).rejection == rejection)
    // An SCP that takes any called title still checks the other two.
    let expected: Rejection? = !context ? .applicationContext : !calling ? .callingAETitle : nil
    let lax = Self.scp(callingAETitles: patterns)
    #expect(try Self.decision(request, lax).rejection == expected)
    let open = Self.scp()
    #expect(try Self.decision(request, open).rejection == (context ? nil : .applicationContext))
  }

  @Test(
    arguments: [
      ([], "MODALITY1", true), ([], "", true), (["CT*"], "CT1", true), (["CT*"], "ct1", false),
      (["CT*"], " CT ", true), (["CT?"], "CT", false), (["CT1", "MR?"], "MR2", true),
      (["CT1", "MR?"], "CT1", true), (["CT1", "MR?"], "CT2", false), (["*"], "", true),
      (["?*"], "", false), (["?*"], "\0", false), (["all"], "CT1", false), (["all"], "all", true),
    ] as [([String], String, Bool)])
  func callingAETitles(_ patterns: [String], _ calling: String, isAccepted: Bool) throws {
    let patterns = try patterns.map { try #require(AETitlePattern($0)) }
    let request = Wire.associateRequest(
      fixed: Wire.fixedFields(calling: Wire.title(calling)))
    let decision = try Self.decision(request, Self.scp(callingAETitles: patterns))
    #expect(decision.rejection == (isAccepted ? nil : .callingAETitle))
    // The same holds on the wire.
    var peer = Peer()
    peer.user.callingAETitles = patterns
    let answer = peer.send(request)
    if isAccepted { #expect(answer.first == 2) } else { #expect(answer == Wire.reject(1, 1, 3)) }
  }

  /// A title that is bound to an address is rejected from any other, but only after all other checks.
  @Test func boundTitleFromElsewhere() throws {
    let ct1 = Wire.associateRequest(
      fixed: Wire.fixedFields(called: Wire.title("OTHER"), calling: Wire.title("CT1 ")))
    let mr1 = Wire.associateRequest(fixed: Wire.fixedFields(calling: Wire.title("MR1")))
    var host = Recorder()
    host.titlesElsewhere = [.named("CT1")]
    #expect(try Self.decision(ct1, Self.scp()).rejection == nil)
    #expect(try Self.decision(mr1, Self.scp(), host: host).rejection == nil)
    #expect(try Self.decision(ct1, Self.scp(), host: host).rejection == .callingAETitle)
    let strict = Self.scp(requiresCalledAETitle: true)
    #expect(try Self.decision(ct1, strict, host: host).rejection == .calledAETitle)
    // On the wire it comes before the limit and takes no room.
    var peer = Peer()
    peer.host.titlesElsewhere = [.named("CT1")]
    peer.host.room = 0
    #expect(peer.send(ct1) == Wire.reject(1, 1, 3))
    #expect(peer.host.lines == ["requested contexts=1", "rejected 1/1/3"])
    #expect(peer.state == .awaitingClose)
  }

  @Test(arguments: TransferSyntaxPreference.allCases)
  func resultOfAContext(_ preference: TransferSyntaxPreference) {
    let scp = Self.scp(preference: preference)
    // The abstract syntax is checked before the transfer syntaxes.
    for other in [nil, StandardUID(components: 0x0001_0002), .applicationContext] {
      #expect(
        scp.result(abstractSyntax: other, transferSyntaxes: .all) == .abstractSyntaxNotSupported)
      #expect(
        scp.result(abstractSyntax: other, transferSyntaxes: TransferSyntaxSet())
          == .abstractSyntaxNotSupported)
    }
    let verification = EchoRequest.verification
    #expect(
      scp.result(abstractSyntax: verification, transferSyntaxes: TransferSyntaxSet())
        == .transferSyntaxesNotSupported)
    for syntax in TransferSyntax.allCases {
      var only = TransferSyntaxSet()
      only.insert(syntax)
      let isRefused = preference == .implicit && syntax != .implicitVRLittleEndian
      #expect(
        scp.result(abstractSyntax: verification, transferSyntaxes: only)
          == (isRefused ? .transferSyntaxesNotSupported : .acceptance(syntax)))
    }
    let preferred: TransferSyntax =
      switch preference {
      case .none, .implicit: .implicitVRLittleEndian
      case .uncompressed, .little: .explicitVRLittleEndian
      case .big: .explicitVRBigEndian
      }
    #expect(
      scp.result(abstractSyntax: verification, transferSyntaxes: .all) == .acceptance(preferred))
  }

  @Test func tellsItsHost() {
    var peer = Peer()
    peer.send(Wire.associateRequest())
    peer.send(Wire.echoRequest(7))
    let cancel = Wire.commandSet(
      Wire.element(0x0100, Wire.le16(0x0FFF)), Wire.element(0x0800, Wire.le16(0x0101)))
    #expect(peer.send(Wire.data(Wire.pdv(1, 3, cancel))) == [])
    #expect(peer.state == .established)
    let noID = Wire.commandSet(
      Wire.element(0x0100, Wire.le16(0x0030)), Wire.element(0x0800, Wire.le16(0x0101)))
    #expect(peer.send(Wire.data(Wire.pdv(1, 3, noID))) == Wire.abort(0, 0))
    #expect(
      peer.host.lines.dropFirst(2) == [
        "echo 7", "cancel", "refused elementMissing(272)",
        "aborting 0/0 in Sta6: refusedByServiceUser",
      ])
  }

  /// Only an echo that was answered is reported to the host.
  @Test func anEchoThatCannotBeAnsweredIsNone() {
    var peer = Peer()
    peer.send(Wire.associateRequest(user: Wire.userInformation(maximumLength: 7)))
    #expect(peer.send(Wire.echoRequest(7)) == Wire.abort(0, 0))
    #expect(
      peer.host.lines.dropFirst(2) == ["aborting 0/0 in Sta6: maximumLengthTooSmall(7)"])
  }

  /// The notes on messages are kept until the release.
  @Test func notesAddUp() {
    var peer = Peer()
    peer.send(Wire.associateRequest())
    let elements = [
      Wire.element(0x0100, Wire.le16(0x0030)), Wire.element(0x0110, Wire.le16(7)),
      Wire.element(0x0800, Wire.le16(0x0101)),
    ].flatMap { $0 }
    peer.send(Wire.data(Wire.pdv(1, 3, Wire.commandSet(elements))))
    peer.send(Wire.data(Wire.pdv(1, 3, elements)))
    peer.send(Wire.echoRequest(8))
    peer.send(Wire.releaseRequest)
    let notes: Notes = [.noAffectedSOPClass, .groupLengthWrong]
    #expect(peer.host.lines.last == "released notes=\(notes.rawValue)")
  }
}
