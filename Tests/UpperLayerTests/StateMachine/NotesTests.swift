import TestKit
import Testing
import UpperLayer

/// The deviations tolerated in a request, and their notes on the association. The service user makes
/// the notes on commands.
struct NotesTests {
  private static let context = Wire.context(1, Wire.verification, [Wire.implicitLittle])

  private static func uid(_ type: Int, _ uid: String, _ padding: [UInt8] = []) -> [UInt8] {
    Wire.item(type, Wire.bytes(uid) + padding)
  }

  private static func called(_ title: [UInt8]) -> [UInt8] {
    Wire.associateRequest(fixed: Wire.fixedFields(called: title))
  }

  private static func calling(_ title: [UInt8]) -> [UInt8] {
    Wire.associateRequest(fixed: Wire.fixedFields(calling: title))
  }

  private static func proposing(_ subItems: [UInt8]...) -> [UInt8] {
    Wire.associateRequest(contexts: Wire.context(1, subItems: subItems.flatMap { $0 }))
  }

  private static func nulPadded(_ text: String) -> [UInt8] {
    Array((Wire.bytes(text) + [UInt8](repeating: 0, count: 16)).prefix(16))
  }

  private static let blank = Wire.title("")
  private static let nul = [UInt8](repeating: 0, count: 16)
  private static let abstract = uid(0x30, Wire.verification)
  private static let transfer = uid(0x40, Wire.implicitLittle)
  private static let class52 = uid(0x52, "1.2.3.4")
  private static let class52Padded = uid(0x52, "1.2.3.4", [0])
  private static let version55 = uid(0x55, "REQUESTOR_1")
  private static let maximum51 = Wire.item(0x51, Wire.be32(16382))

  /// An accepted request, and all the notes on it.
  static let requests: [(String, [UInt8], Notes)] = [
    ("nothing unusual", Wire.associateRequest(), []),
    ("a title that fills its field", calling(Wire.bytes("SIXTEEN_LETTERS_")), []),

    ("another called title", called(Wire.title("OTHER")), .calledAETitleDiffers),
    ("another case", called(Wire.title("echoscp")), .calledAETitleDiffers),
    ("called title with NULs", called(nulPadded("ECHOSCP")), .aeTitlePadding),
    ("calling title with NULs", calling(nulPadded("MODALITY1")), .aeTitlePadding),
    ("called title after a space", called(Wire.title(" ECHOSCP")), .aeTitlePadding),
    ("calling title after a space", calling(Wire.title("  MODALITY1")), .aeTitlePadding),
    (
      "blank called title", called(blank),
      [.aeTitleBlank, .aeTitlePadding, .calledAETitleDiffers]
    ),
    ("called title of NULs", called(nul), [.aeTitleBlank, .aeTitlePadding, .calledAETitleDiffers]),
    ("blank calling title", calling(blank), [.aeTitleBlank, .aeTitlePadding]),
    ("calling title of NULs", calling(nul), [.aeTitleBlank, .aeTitlePadding]),
    ("calling title with a tab", calling(Wire.title("CT\t1")), .aeTitleCharacters),
    ("calling title with a backslash", calling(Wire.title("CT\\1")), .aeTitleCharacters),
    (
      "calling title with a NUL inside", calling(Wire.title("CT\u{0}1")),
      [.aeTitleCharacters, .aeTitlePadding]
    ),
    (
      "called title with DEL", called(Wire.title("ECHOSCP\u{7F}")),
      [.aeTitleCharacters, .calledAETitleDiffers]
    ),

    (
      "application context with a NUL",
      Wire.associateRequest(application: Wire.applicationContext("1.2.840.10008.3.1.1.1\0")),
      .uidPadding
    ),
    (
      "abstract syntax with a NUL", proposing(uid(0x30, Wire.verification, [0]), transfer),
      .uidPadding
    ),
    (
      "abstract syntax with spaces",
      proposing(uid(0x30, Wire.verification, [0x20, 0x20]), transfer), .uidPadding
    ),
    (
      "transfer syntax with a NUL", proposing(abstract, uid(0x40, Wire.implicitLittle, [0])),
      .uidPadding
    ),
    (
      "transfer syntax with a space",
      proposing(abstract, uid(0x40, Wire.implicitLittle, [0x20])), .uidPadding
    ),
    ("unknown sub-item with a NUL", proposing(abstract, transfer, Wire.item(0x41, [1, 0])), []),

    (
      "an even context ID",
      Wire.associateRequest(contexts: Wire.context(2, subItems: abstract + transfer)),
      .contextIDEven
    ),
    (
      "context ID 0",
      Wire.associateRequest(contexts: Wire.context(0, subItems: abstract + transfer)),
      .contextIDEven
    ),
    ("a context twice", Wire.associateRequest(contexts: context + context), .contextIDDuplicate),

    (
      "no implementation UID", Wire.associateRequest(user: Wire.item(0x50, maximum51 + version55)),
      .noImplementationUID
    ),
    (
      "no implementation version",
      Wire.associateRequest(user: Wire.item(0x50, maximum51 + class52)), .noImplementationVersion
    ),
    (
      "empty user information", Wire.associateRequest(user: Wire.item(0x50, [])),
      [.noImplementationUID, .noImplementationVersion]
    ),
    (
      "implementation UID with a NUL",
      Wire.associateRequest(user: Wire.item(0x50, class52Padded + version55)), .uidPadding
    ),
    (
      "no user information", Wire.associateRequest(user: []),
      [.noImplementationUID, .noImplementationVersion]
    ),
    (
      "sub-items in another order",
      Wire.associateRequest(user: Wire.item(0x50, version55 + class52 + maximum51)), []
    ),

    (
      "user information before the contexts",
      Wire.associateRequest(contexts: Wire.userInformation(), user: context), .itemOrder
    ),
    (
      "contexts before the application context",
      Wire.associateRequest(application: context, contexts: Wire.applicationContext()), .itemOrder
    ),
    (
      "an unknown item at the end",
      Wire.associateRequest(user: Wire.userInformation() + Wire.item(0x60, [])), []
    ),
  ]

  @Test(arguments: requests)
  func whatIsNotedOfARequest(_ name: String, _ request: [UInt8], _ notes: Notes) {
    var peer = Peer()
    #expect(peer.send(request).first == 2)
    #expect(peer.release() == notes)
  }

  /// An association with notes still carries an echo.
  @Test(arguments: requests)
  func whatIsNotedDoesNotKeepFromEchoing(_ name: String, _ request: [UInt8], _ notes: Notes) {
    for context in 0...2 {
      var peer = Peer()
      peer.send(request)
      guard peer.send(Wire.echoRequest(7, on: context)).first == 4 else { continue }
      return
    }
    Issue.record("no echo on any context")
  }

  /// The notes on the request and on later PDUs add up.
  @Test func notesAddUp() {
    var peer = Peer()
    peer.send(Self.called(Wire.title("OTHER")))
    let command = Wire.pdv(1, 3, Wire.echoCommand(messageID: 7))
    peer.send(Wire.data(command, command) + Wire.data(Wire.pdv(1, 1, [0])))
    #expect(
      peer.release() == [
        .calledAETitleDiffers, .twoMessagesInAPDU, .oddFragment, .releaseInsideMessage,
      ])
  }

  @Test("Exactly the bytes that titles must not contain are noted, at any place in either title")
  func titleCharacters() throws {
    for byte in UInt8.min ... .max {
      let isForbidden = byte < 0x20 || byte > 0x7E || byte == 0x5C
      for place in 0..<AETitle.size {
        var title = Wire.bytes("SIXTEEN_LETTERS_")
        title[place] = byte
        // A NUL at the end is padding.
        let isOdd = isForbidden && !(byte == 0 && place == AETitle.size - 1)
        #expect(AETitle(field: title.span).hasForbiddenByte == isOdd, "\(byte) at \(place)")
        for request in [Self.called(title), Self.calling(title)] {
          let body = Array(request.dropFirst(6))
          let notes = try AssociateRequest(body.span).notes
          #expect(notes.contains(.aeTitleCharacters) == isOdd, "\(byte) at \(place)")
          #expect(notes.contains(.aeTitlePadding) == (byte == 0 || byte == 0x20 && place == 0))
        }
      }
    }
  }

  @Test func noTwoNotesShareABit() {
    let all: [Notes] = [
      .calledAETitleDiffers, .aeTitlePadding, .aeTitleBlank, .uidPadding, .contextIDEven,
      .contextIDDuplicate, .noImplementationUID, .noImplementationVersion, .itemOrder,
      .groupLengthWrong, .noAffectedSOPClass, .elementsUnordered, .elementsUnknown, .oddFragment,
      .twoMessagesInAPDU, .releaseInsideMessage, .aeTitlesSwapped, .aeTitlesEqual,
      .aeTitleCharacters,
    ]
    #expect(all.allSatisfy { $0.rawValue.nonzeroBitCount == 1 })
    #expect(Set(all.map(\.rawValue)).count == all.count)
  }
}
